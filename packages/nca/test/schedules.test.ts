import { fc, test } from "@fast-check/vitest";
import { key } from "@ganglion/tensor";
import { describe, expect } from "vitest";
import { type Schedule, bernoulli, evenOdd, order, sequential, single, synchronous } from "../src/index.ts";

/** Cells that fire at each step in a batch of two, which must be the same in both states. */
function turns(schedule: Schedule, cells: number, steps: number): number[][] {
  return Array.from({ length: steps }, (_, step) => {
    const fired = schedule.fired({ step, batch: 2, cells, key: key(0) });
    expect(fired.subarray(0, cells)).toEqual(fired.subarray(cells));
    return [...fired.subarray(0, cells)].flatMap((one, cell) => (one ? [cell] : []));
  });
}

const schedules = [
  synchronous(),
  bernoulli(0.4),
  sequential(),
  sequential({ direction: "rightToLeft" }),
  evenOdd(),
  order([2, 0]),
  single(),
];

describe("a schedule", () => {
  test.prop([
    fc.constantFrom(...schedules),
    fc.nat(100),
    fc.integer({ min: 3, max: 9 }),
    fc.integer({ min: 2, max: 6 }),
    fc.nat(4),
    fc.nat(),
  ])("fires the same cells however the batch is split", (schedule, step, cells, batch, cut, seed) => {
    const at = { step, cells, key: key(seed) };
    const head = Math.min(cut, batch);
    const whole = schedule.fired({ ...at, batch });
    const parts = [schedule.fired({ ...at, batch: head }), schedule.fired({ ...at, batch: batch - head, first: head })];
    expect(whole).toEqual(Uint8Array.from(parts.flatMap((part) => [...part])));
    expect(whole).toEqual(schedule.fired({ ...at, batch }));
  });

  test("has a name with its settings", () => {
    expect(schedules.map(({ name }) => name)).toEqual([
      "synchronous",
      "bernoulli(0.4)",
      "sequential(leftToRight)",
      "sequential(rightToLeft)",
      "evenOdd",
      "order(2 0)",
      "single",
    ]);
  });
});

describe("synchronous", () => {
  test("fires every cell", () => {
    expect(turns(synchronous(), 3, 2)).toEqual([
      [0, 1, 2],
      [0, 1, 2],
    ]);
  });
});

describe("sequential", () => {
  test("goes from one end to the other and starts again", () => {
    expect(turns(sequential(), 3, 4)).toEqual([[0], [1], [2], [0]]);
    expect(turns(sequential({ direction: "rightToLeft" }), 3, 4)).toEqual([[2], [1], [0], [2]]);
  });
});

describe("sequential's error", () => {
  test("names both directions", () => {
    const message =
      "sequential: expected direction leftToRight or rightToLeft, received up. Leave it out for leftToRight?";
    const direction = "up" as "leftToRight";
    expect(() => sequential({ direction })).toThrow(expect.objectContaining({ name: "ConfigError", message }));
  });
});

describe("evenOdd", () => {
  test("takes turns between even and odd cells", () => {
    expect(turns(evenOdd(), 5, 3)).toEqual([
      [0, 2, 4],
      [1, 3],
      [0, 2, 4],
    ]);
  });
});

describe("order", () => {
  test("fires the listed cells in turn", () => {
    expect(turns(order([2, 2, 0]), 3, 5)).toEqual([[2], [2], [0], [2], [2]]);
  });

  test("keeps its list when the caller changes theirs", () => {
    const list = [1];
    const schedule = order(list);
    list[0] = 0;
    expect(turns(schedule, 2, 1)).toEqual([[1]]);
  });

  test.each<[number[], string]>([
    [
      [],
      "order: expected the number of turns to be a whole number of at least 1, received 0. Give the number of turns as a count?",
    ],
    [
      [0, -1],
      "order: expected every turn to be a whole number of at least 0, received -1. Give every turn as a count?",
    ],
  ])("refuses %j", (list, message) => {
    expect(() => order(list)).toThrow(expect.objectContaining({ name: "ConfigError", message }));
  });

  test("refuses a lattice without the listed cells", () => {
    expect(() => order([0, 3]).fired({ step: 0, batch: 1, cells: 3, key: key(0) })).toThrow(
      "order: expected turns between 0 and 2, received 3. List cells of this lattice only?",
    );
  });
});

describe("single", () => {
  test("fires one cell of each state, every cell equally often", () => {
    const counts = [0, 0, 0, 0, 0];
    for (let step = 0; step < 20; step++) {
      const fired = single().fired({ step, batch: 200, cells: 5, key: key(3) });
      for (let row = 0; row < 200; row++) {
        const cells = [...fired.subarray(row * 5, row * 5 + 5)];
        expect(cells.filter((one) => one === 1)).toHaveLength(1);
        counts[cells.indexOf(1)]!++;
      }
    }
    // 4,000 draws with probability 1/5: standard deviation 25
    for (const count of counts) expect(Math.abs(count - 800)).toBeLessThan(125);
  });
});

describe("bernoulli", () => {
  const share = (p: number, step: number, seed = 1): number => {
    const fired = bernoulli(p).fired({ step, batch: 1000, cells: 10, key: key(seed) });
    return fired.reduce((sum, one) => sum + one, 0) / fired.length;
  };

  test("fires a share p of the cells at every step", () => {
    // 10,000 draws: standard deviation at most 0.005
    for (const p of [0.1, 0.5, 0.9])
      for (let step = 0; step < 5; step++) expect(Math.abs(share(p, step) - p)).toBeLessThan(0.025);
  });

  test("fires nothing at 0 and everything at 1", () => {
    expect([share(0, 0), share(1, 0)]).toEqual([0, 1]);
  });

  test("draws anew for each step and each key, independently", () => {
    const draw = (step: number, seed: number) => bernoulli(0.5).fired({ step, batch: 100, cells: 100, key: key(seed) });
    const agreement = (a: Uint8Array, b: Uint8Array) => a.filter((one, i) => one === b[i]).length / a.length;
    expect(Math.abs(agreement(draw(0, 1), draw(1, 1)) - 0.5)).toBeLessThan(0.025);
    expect(Math.abs(agreement(draw(0, 1), draw(0, 2)) - 0.5)).toBeLessThan(0.025);
  });

  test("fires the cells it always fired", () => {
    expect([...bernoulli(0.5).fired({ step: 3, batch: 2, cells: 8, key: key(7) })]).toEqual([
      1, 0, 1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0,
    ]);
  });

  test.each([-0.1, 2, NaN])("refuses p = %d", (p) => {
    const message = `bernoulli: expected p between 0 and 1, received ${p}. Give a probability, such as 0.5?`;
    expect(() => bernoulli(p)).toThrow(expect.objectContaining({ name: "ConfigError", message }));
  });
});
