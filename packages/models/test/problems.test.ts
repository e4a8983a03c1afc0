import { key } from "@ganglion/tensor";
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { longestCarry } from "../src/oracle/exact.ts";
import { adversarial, fullRipple } from "../src/problems/adversarial.ts";
import { carryHeavy, heldOut } from "../src/problems/heldOut.ts";
import { mixture, mutateProblems, trainingProblems } from "../src/problems/mixture.ts";
import { digitsOf, problemsOf, selectProblems } from "../src/problems/problems.ts";
import type { Problems } from "../src/problems/problems.ts";
import { isReserved } from "../src/problems/reserved.ts";

const both = ["add", "sub"] as const;

/** Share of the problems that are held out. */
function reservedShare(problems: Problems): number {
  const digits = digitsOf(problems);
  const n = digits.operation.length;
  return Array.from({ length: n }, (_, row) => isReserved(digits, row)).filter(Boolean).length / n;
}

/** All that a rule can tell of a problem: unordered pairs, place by place. */
function signature(problems: Problems, row: number): string {
  const { cells, a, b } = digitsOf(problems);
  const pairs = Array.from({ length: cells }, (_, cell) =>
    [a[row * cells + cell]!, b[row * cells + cell]!].toSorted((x, y) => x - y).join(""),
  );
  return pairs.join(" ");
}

describe("training problems", () => {
  test.prop([fc.nat(), fc.constantFrom(8, 12), fc.constantFrom(["add"] as const, both)], { numRuns: 20 })(
    "are never held out, neither when drawn nor when mutated",
    (seed, cells, operations) => {
      const config = { cells, operations };
      const drawn = trainingProblems(key(seed), 300, config);
      expect(reservedShare(drawn)).toBe(0);
      const mutated = mutateProblems(key(seed + 1), drawn, config);
      expect(reservedShare(mutated)).toBe(0);
      expect(mutated.operation.data).toEqual(drawn.operation.data);
    },
  );

  test("have nothing in common with what evaluation draws, even from the same seed", () => {
    const drawn = trainingProblems(key(1), 20_000, { cells: 8 });
    const trained = new Set(Array.from({ length: 20_000 }, (_, row) => signature(drawn, row)));
    for (const held of [heldOut(1, 5000), heldOut(1, 500, { digits: 2 }), carryHeavy(1, 5000), adversarial()]) {
      const met = Array.from({ length: held.operation.size }, (_, row) => signature(held, row)).filter((seen) =>
        trained.has(seen),
      );
      expect(met).toEqual([]);
    }
  });

  test("are the same for the same key, others for another", () => {
    const draw = (seed: number): unknown => trainingProblems(key(seed), 50, { cells: 8 }).a.data;
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
  });

  test("leave the top cell to the last carry, and force carries in the shares that are asked for", () => {
    const n = 20_000;
    for (const operation of both) {
      const config = { cells: 8, operations: [operation], carryShare: 0.35, passOn: 0.6, shortShare: 0 };
      const { cells, a, b } = digitsOf(trainingProblems(key(5), n, config));
      let passing = 0;
      let top = 0;
      for (let index = 0; index < n * cells; index++) {
        const x = a[index]!;
        const y = b[index]!;
        if (index % cells === cells - 1) top += x + y;
        else passing += Number(operation === "add" ? x + y === 9 : x === y);
      }
      expect(top).toBe(0);
      // a place passes its carry on by force, or by chance one time in ten
      expect(passing / (n * 7)).toBeCloseTo(0.35 * 0.6 + (1 - 0.35 * 0.6) / 10, 2);
    }
  });

  test("are short in the share that is asked for", () => {
    const n = 20_000;
    const { cells, a, b } = digitsOf(trainingProblems(key(6), n, { cells: 8, carryShare: 0, shortShare: 0.3 }));
    const long = Array.from({ length: n }, (_, row) => a[row * cells + 6]! + b[row * cells + 6]! > 0);
    expect(long.filter(Boolean).length / n).toBeCloseTo((0.7 + 0.3 / 7) * 0.99, 1.5);
  });
});

describe("mutated problems", () => {
  test("keep a part of their digits", () => {
    const config = { cells: 8 };
    const before = trainingProblems(key(7), 2000, config);
    const after = mutateProblems(key(8), before, config);
    const kept = Array.from(after.a.data).filter((digit, index) => digit === before.a.data[index]).length;
    expect(kept / after.a.size).toBeGreaterThan(0.35);
    expect(kept / after.a.size).toBeLessThan(0.7);
  });
});

describe("held-out problems", () => {
  test.prop([fc.nat({ max: 1000 }), fc.constantFrom(...both), fc.integer({ min: 1, max: 7 })], { numRuns: 20 })(
    "are all held out, of the operation and the length that is asked for",
    (seed, operation, digits) => {
      const problems = heldOut(seed, 100, { operation, digits });
      expect(reservedShare(problems)).toBe(1);
      expect(new Set(problems.operation.data)).toEqual(new Set([both.indexOf(operation)]));
      const { a, b } = digitsOf(problems);
      expect(a.every((digit, index) => digit === 0 || index % 8 < digits)).toBe(true);
      expect(b.every((digit, index) => digit === 0 || index % 8 < digits)).toBe(true);
    },
  );

  test("have uniform digits", () => {
    const { a } = digitsOf(heldOut(2, 5000));
    const counts = Array.from(
      { length: 10 },
      (_, digit) => a.filter((x, index) => x === digit && index % 8 < 7).length,
    );
    for (const count of counts) expect(count / (5000 * 7)).toBeCloseTo(0.1, 1.8);
  });

  test("are an eighth of all problems", () => {
    const drawn = mixture(key(11), 8000, { cells: 8 });
    const reserved = Array.from({ length: 8000 }, (_, row) => isReserved(drawn, row)).filter(Boolean).length;
    expect(reserved / 8000).toBeGreaterThan(0.11);
    expect(reserved / 8000).toBeLessThan(0.14);
  });

  test("are decided by unordered digit pairs, whatever the width", () => {
    const verdict = (a: number[], b: number[], cells: number): boolean =>
      isReserved(digitsOf(problemsOf([[a, b]], cells)), 0);
    for (let x = 0; x < 200; x++) {
      const [a, b] = [
        [x % 10, Math.trunc(x / 10) % 10, 3],
        [5, (x * 7) % 10],
      ];
      const same = verdict(a, b, 8);
      expect(verdict(b, a, 8)).toBe(same);
      expect(verdict([b[0]!, a[1]!, 3], [a[0]!, b[1]!], 8)).toBe(same);
      expect(verdict(a, b, 64)).toBe(same);
    }
  });
});

describe("hard problems", () => {
  test("carry through long chains", () => {
    for (const operation of both) {
      const heavy = longestCarry(carryHeavy(3, 2000, { operation }));
      const light = longestCarry(heldOut(3, 2000, { operation }));
      const mean = (lengths: Int32Array): number => lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
      expect(mean(heavy)).toBeGreaterThan(mean(light) + 0.2);
    }
  });

  test("are 22 for each operation, all different", () => {
    for (const operation of both) {
      const problems = adversarial(8, operation);
      const { a, b } = digitsOf(problems);
      const texts = Array.from({ length: 22 }, (_, row) =>
        [a, b].map((x) => x.slice(row * 8, row * 8 + 8).join("")).join("+"),
      );
      expect(problems.operation.size).toBe(22);
      expect(new Set(texts).size).toBe(22);
      expect(longestCarry(problems).every((length) => length > 0)).toBe(true);
    }
  });

  test("include one that fills the strip", () => {
    expect(Array.from(longestCarry(fullRipple(16, 2)))).toEqual([15, 15]);
    expect(Array.from(longestCarry(fullRipple(16, 1, "sub")))).toEqual([16]);
  });
});

test("selectProblems repeats and reorders rows", () => {
  const problems = problemsOf(
    [
      [[1], [2]],
      [[3], [4]],
    ],
    2,
    "sub",
  );
  const { a, b, operation } = selectProblems(problems, [1, 0, 1]);
  expect([a.toArray(), b.toArray(), operation.toArray()]).toEqual([
    [
      [3, 0],
      [1, 0],
      [3, 0],
    ],
    [
      [4, 0],
      [2, 0],
      [4, 0],
    ],
    [1, 1, 1],
  ]);
});
