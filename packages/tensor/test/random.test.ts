import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as t from "../src/index.ts";
import { expectRefusal } from "./support/expect-refusal.ts";

const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
const moment = (values: ArrayLike<number>, order: number): number =>
  mean(Array.from(values, (value) => value ** order));

/** Pearson's statistic of counts that should be equal; above the bound once in a million. */
function chiSquare(counts: readonly number[]): number {
  const expected = mean(counts);
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}
const bound = (bins: number): number => bins - 1 + 4.9 * Math.sqrt(2 * (bins - 1)) + 12;

function histogram(values: ArrayLike<number>, bins: number, place: (value: number) => number): number[] {
  const counts = Array.from({ length: bins }, () => 0);
  for (const value of Array.from(values)) counts[place(value)]!++;
  return counts;
}

const correlation = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  const [meanA, meanB] = [mean(a), mean(b)];
  const product = mean(Array.from(a, (value, index) => (value - meanA) * (b[index]! - meanB)));
  return product / Math.sqrt((moment(a, 2) - meanA ** 2) * (moment(b, 2) - meanB ** 2));
};

// computed a second time by scripts/known_answers.py
describe("known answers", () => {
  test("keys", () => {
    expect(t.key(0)).toEqual({ low: 0, high: 0 });
    expect(t.key(-1)).toEqual({ low: 0xffffffff, high: 0xffffffff });
    expect(t.key(0x1234_5678_9abc_def0n)).toEqual({ low: 0x9abcdef0, high: 0x12345678 });
    expect(t.key(2 ** 40)).toEqual({ low: 0, high: 256 });
    expect(t.split(t.key(42))).toEqual([
      { low: 1355628817, high: 2016870354 },
      { low: 294258484, high: 2052980208 },
    ]);
    expect([t.foldIn(t.key(42), 0), t.foldIn(t.key(42), 2 ** 33 + 1)]).toEqual([
      { low: 1421964907, high: 4229293934 },
      { low: 2462366914, high: 1178571780 },
    ]);
  });

  test("numbers", () => {
    const key = t.key(42);
    expect(t.uniform(key, [3]).toArray()).toEqual([0.6129598617553711, 0.4685865044593811, 0.07323169708251953]);
    expect(t.uniform(key, [3], { dtype: "float64" }).toArray()).toEqual([
      0.6129598801477738, 0.07323173687503892, 0.9877186516453577,
    ]);
    expect(t.normal(key, [4]).toArray()).toEqual([
      1.2345417737960815, 0.6118499040603638, -2.9550533294677734, -0.25885656476020813,
    ]);
    expect(t.normal(key, [3], { dtype: "float64" }).toArray()).toEqual([
      1.2345418209781556, 0.6118499302684758, -2.9550533674680803,
    ]);
    expect(t.bernoulli(key, 0.5, [12]).toArray()).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1]);
    expect(t.randomInt(key, [8], -5, 100).toArray()).toEqual([59, 2, 98, 48, 81, 58, 71, 56]);
    expect(t.permutation(key, 10).toArray()).toEqual([1, 0, 6, 8, 7, 9, 5, 4, 2, 3]);
  });
});

describe("keys", () => {
  const anyKey = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }).map((seed) => t.key(seed));
  const text = ({ low, high }: t.Key): string => `${low}/${high}`;

  test("seeds of 64 bits give distinct keys, numbers and bigints the same one", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (seed) => {
        expect(t.key(seed)).toEqual(t.key(BigInt(seed)));
      }),
    );
    const near = [0, 1, -1, 2 ** 32, 2 ** 32 + 1, -(2 ** 32), 2n ** 63n].map((seed) => text(t.key(seed)));
    expect(new Set(near).size).toBe(near.length);
  });

  test("split and foldIn neither change the key nor repeat it or each other", () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        const before = { ...key };
        const derived = [key, ...t.split(key, 50), ...Array.from({ length: 50 }, (_, data) => t.foldIn(key, data))];
        expect(new Set(derived.map(text)).size).toBe(101);
        expect(key).toEqual(before);
      }),
    );
  });

  test("the first keys of a split do not depend on how many there are", () => {
    fc.assert(
      fc.property(anyKey, fc.integer({ min: 1, max: 20 }), (key, n) => {
        expect(t.split(key, 20).slice(0, n)).toEqual(t.split(key, n));
      }),
    );
  });

  test("100,000 splits and folds of splits are all distinct", () => {
    const keys = t
      .split(t.key(1), 300)
      .flatMap((key) => [...t.split(key, 170), ...Array.from({ length: 170 }, (_, i) => t.foldIn(key, i))]);
    expect(new Set(keys.map(text)).size).toBe(102_000);
  });

  test("streams of split, folded and neighbouring keys are uncorrelated", () => {
    const count = 20_000;
    const [left, right] = t.split(t.key(3)) as [t.Key, t.Key];
    const keys = [left, right, t.key(3), t.key(4), t.foldIn(t.key(3), 0), t.foldIn(t.key(3), 1), t.foldIn(left, 1)];
    const streams = keys.map((key) => t.uniform(key, [count]).data);
    for (const [i, a] of streams.entries()) {
      // five standard deviations
      for (const b of streams.slice(0, i)) expect(Math.abs(correlation(a, b))).toBeLessThan(5 / Math.sqrt(count));
      expect(Math.abs(correlation(a.slice(1), a.slice(0, -1)))).toBeLessThan(5 / Math.sqrt(count));
    }
  });

  test("first draws of successive folds are uniform, so that a key a step is enough", () => {
    const draws = Array.from({ length: 20_000 }, (_, step) => t.uniform(t.foldIn(t.key(9), step), []).item());
    expect(chiSquare(histogram(draws, 50, (value) => Math.floor(value * 50)))).toBeLessThan(bound(50));
  });
});

describe("uniform", () => {
  const draws = t.uniform(t.key(11), [100_000]).data;

  test("has the moments of its distribution and fills 200 bins evenly", () => {
    for (const order of [1, 2, 3, 4]) expect(moment(draws, order)).toBeCloseTo(1 / (order + 1), 2);
    expect(chiSquare(histogram(draws, 200, (value) => Math.floor(value * 200)))).toBeLessThan(bound(200));
  });

  test("fills the plane of successive pairs evenly", () => {
    const pairs = Array.from(
      { length: 50_000 },
      (_, i) => 16 * Math.floor(draws[2 * i]! * 16) + Math.floor(draws[2 * i + 1]! * 16),
    );
    expect(chiSquare(histogram(pairs, 256, (value) => value))).toBeLessThan(bound(256));
  });

  test("has even low bits", () => {
    const low = Array.from(draws, (value) => (value * 2 ** 24) % 64);
    expect(chiSquare(histogram(low, 64, (value) => value))).toBeLessThan(bound(64));
  });

  test("stays in [min, max), also where rounding would reach the end, and depends on key and place alone", () => {
    fc.assert(
      fc.property(
        fc.maxSafeInteger(),
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
        fc.constantFrom("float32" as const, "float64" as const),
        (seed, min, width, dtype) => {
          const max = min + width;
          const options = { min, max, dtype };
          const values = t.uniform(t.key(seed), [64], options).data;
          const low = dtype === "float32" ? Math.fround(min) : min;
          expect(values.every((value) => value >= Math.min(min, low) && value < max)).toBe(true);
          expect(t.uniform(t.key(seed), [4, 4], options).data).toEqual(values.slice(0, 16));
        },
      ),
    );
    const tight = t.uniform(t.key(5), [10_000], { min: 1, max: 1 + 2 ** -20 }).data;
    expect(Math.max(...tight)).toBeLessThan(1 + 2 ** -20);
  });
});

describe("normal", () => {
  const draws = t.normal(t.key(12), [100_000], { dtype: "float64" }).data;

  test("has the moments of its distribution", () => {
    const moments = [1, 2, 3, 4, 6].map((order) => moment(draws, order));
    [0, 1, 0, 3, 15].forEach((wanted, index) => {
      expect(Math.abs(moments[index]! - wanted)).toBeLessThan([0.02, 0.03, 0.06, 0.16, 2][index]!);
    });
  });

  test("has its shares within one, two and three deviations", () => {
    [0.682689, 0.9545, 0.9973].forEach((share, index) => {
      expect(mean(Array.from(draws, (value) => Number(Math.abs(value) < index + 1)))).toBeCloseTo(share, 2);
    });
  });

  test("has uncorrelated neighbours, in value and in size, although they come in pairs", () => {
    const [even, odd] = [draws.filter((_, i) => i % 2 === 0), draws.filter((_, i) => i % 2 === 1)];
    const size = (values: typeof draws): Float64Array => Float64Array.from(values, (value) => value * value);
    expect(Math.abs(correlation(even, odd))).toBeLessThan(0.025);
    expect(Math.abs(correlation(size(even), size(odd)))).toBeLessThan(0.025);
  });

  test("scales and shifts, and depends on key and place alone", () => {
    const plain = t.normal(t.key(1), [7], { dtype: "float64" });
    const moved = t.normal(t.key(1), [7], { mean: 5, deviation: 2, dtype: "float64" });
    moved.data.forEach((value, index) => {
      expect(value).toBeCloseTo(5 + 2 * plain.data[index]!, 12);
    });
    expect(t.normal(t.key(1), [3], { dtype: "float64" }).data).toEqual(plain.data.slice(0, 3));
    expect(t.normal(t.key(1), [2], { mean: 3, deviation: 0 }).toArray()).toEqual([3, 3]);
  });
});

describe("bernoulli", () => {
  test("hits its probability, as a number and as a tensor that broadcasts", () => {
    for (const p of [0, 0.1, 0.5, 0.9, 1]) {
      const share = t.mean(t.cast(t.bernoulli(t.key(13), p, [50_000]), "float64")).item();
      expect(Math.abs(share - p)).toBeLessThanOrEqual(5 * Math.sqrt((p * (1 - p)) / 50_000));
    }
    const probabilities = t.tensor([[0], [0.25], [1]]);
    const shares = t
      .mean(t.cast(t.bernoulli(t.key(14), probabilities, [3, 20_000]), "float64"), 1)
      .toArray() as number[];
    expect([shares[0], shares[2]]).toEqual([0, 1]);
    expect(shares[1]).toBeCloseTo(0.25, 1);
  });
});

describe("randomInt", () => {
  test("stays within its bounds and meets every number equally often", () => {
    const draws = t.randomInt(t.key(15), [70_000], -3, 4);
    expect(draws.dtype).toBe("int32");
    expect(chiSquare(histogram(draws.data, 7, (value) => value + 3))).toBeLessThan(bound(7));
  });

  test("covers all of int32", () => {
    const draws = t.randomInt(t.key(16), [10_000], -(2 ** 31), 2 ** 31).data;
    expect(chiSquare(histogram(draws, 16, (value) => Math.floor((value + 2 ** 31) / 2 ** 28)))).toBeLessThan(bound(16));
  });
});

describe("permutation", () => {
  test("has every number from 0 to n - 1 once", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 200 }), (seed, n) => {
        const sorted = t.permutation(t.key(seed), n).data.toSorted();
        expect(Array.from(sorted)).toEqual(Array.from({ length: n }, (_, i) => i));
      }),
    );
  });

  test("takes each of the 120 orders of 5 equally often", () => {
    const counts = new Map<string, number>();
    for (const key of t.split(t.key(17), 24_000)) {
      const order = t.permutation(key, 5).data.join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(120);
    expect(chiSquare([...counts.values()])).toBeLessThan(bound(120));
  });
});

describe("settings outside their range are refused", () => {
  const key = t.key(0);
  test("seeds and counts of keys", () => {
    expectRefusal(
      () => t.key(0.5),
      "ConfigError",
      "key: expected a whole number within 2^53, received 0.5. Pass a bigint?",
    );
    expectRefusal(
      () => t.key(2n ** 64n),
      "ConfigError",
      "key: expected a seed of at most 64 bits, received 18446744073709551616",
    );
    expectRefusal(() => t.split(key, 0), "ConfigError", "split: expected a whole number from 1, received 0");
    expectRefusal(
      () => t.foldIn(key, -1),
      "ConfigError",
      "foldIn: expected a whole number from 0 to 2^53, received -1",
    );
  });

  test("bounds, deviations and probabilities", () => {
    expectRefusal(
      () => t.uniform(key, [2], { min: 1, max: 1 }),
      "ConfigError",
      "uniform: expected min below max, received 1 and 1",
    );
    expectRefusal(
      () => t.normal(key, [2], { deviation: -1 }),
      "ConfigError",
      "normal: expected a deviation from 0, received -1",
    );
    for (const [p, shape] of [
      [1.5, [2]],
      [1.5, [0]],
      [t.tensor([0.5, 1.5]), [2]],
    ] as const) {
      expectRefusal(
        () => t.bernoulli(key, p, shape),
        "ConfigError",
        "bernoulli: expected probabilities from 0 to 1, received 1.5",
      );
    }
    expectRefusal(
      () => t.randomInt(key, [2], 3, 3),
      "ConfigError",
      "randomInt: expected whole numbers within int32 with min below max, received 3 and 3",
    );
  });

  test("shapes", () => {
    for (const [name, run] of [
      ["uniform", () => t.uniform(key, [-1])],
      ["normal", () => t.normal(key, [-1])],
      ["bernoulli", () => t.bernoulli(key, 0.5, [-1])],
      ["randomInt", () => t.randomInt(key, [-1], 0, 2)],
      ["permutation", () => t.permutation(key, -1)],
    ] as const) {
      expectRefusal(run, "ShapeError", `${name}: expected lengths that are whole numbers from 0, received [-1]`);
    }
  });
});
