import { bernoulli, synchronous } from "@ganglion/nca";
import { key } from "@ganglion/tensor";
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { formatDigits, parseDigits } from "../src/digits/text.ts";
import { exactAnswers, longestCarry } from "../src/oracle/exact.ts";
import { settledCells, settledProblems } from "../src/oracle/lightCone.ts";
import { fullRipple } from "../src/problems/adversarial.ts";
import { heldOut } from "../src/problems/heldOut.ts";
import { digitsOf, problemsOf } from "../src/problems/problems.ts";
import type { Problems } from "../src/problems/problems.ts";

const number = fc.bigInt({ min: 0n, max: 10n ** 30n });
const operation = fc.constantFrom("add" as const, "sub" as const);

describe("exactAnswers", () => {
  test.prop([number, number, operation])("are those of big integers, modulo the width", (a, b, kind) => {
    const problem = problemsOf([[parseDigits(String(a)), parseDigits(String(b))]], 32, kind);
    const truth = kind === "add" ? a + b : a - b;
    const modulo = ((truth % 10n ** 32n) + 10n ** 32n) % 10n ** 32n;
    expect(formatDigits(exactAnswers(problem).data)).toBe(String(modulo));
  });
});

describe("longestCarry", () => {
  test.each([
    ["add", "5", "4", 0],
    ["add", "5", "5", 1],
    ["add", "99", "1", 2],
    ["add", "19", "19", 1],
    ["add", "545", "455", 3],
    ["sub", "10", "1", 1],
    ["sub", "1000", "1", 3],
    ["sub", "777", "777", 0],
  ] as const)("of %s %s %s is %i", (kind, a, b, length) => {
    expect(longestCarry(problemsOf([[parseDigits(a), parseDigits(b)]], 8, kind))[0]).toBe(length);
  });
});

describe("settledCells", () => {
  /** Share of settled problems after each of so many steps. */
  function shares(problems: Problems, steps: number, rate: number): number[] {
    const [batch, cells] = problems.a.shape as [number, number];
    const schedule = rate === 1 ? synchronous() : bernoulli(rate);
    let settled: Uint8Array | undefined;
    return Array.from({ length: steps }, (_, step) => {
      settled = settledCells(problems, schedule.fired({ step, batch, cells, key: key(9) }), settled);
      return settledProblems(settled, cells).reduce((sum, one) => sum + one, 0) / batch;
    });
  }

  test("reaches one cell more per synchronous step along a full-length carry", () => {
    const problem = fullRipple(6, 1);
    const all = new Uint8Array(6).fill(1);
    let settled = settledCells(problem, all);
    const rows = [Array.from(settled)];
    while (settled.includes(0)) {
      settled = settledCells(problem, all, settled);
      rows.push(Array.from(settled));
    }
    // 9 + 1 decides its carry alone, so the second cell is settled at once
    expect(rows).toEqual([
      [1, 1, 0, 0, 0, 0],
      [1, 1, 1, 0, 0, 0],
      [1, 1, 1, 1, 0, 0],
      [1, 1, 1, 1, 1, 0],
      [1, 1, 1, 1, 1, 1],
    ]);
  });

  test("needs only one firing of each cell where no place passes a carry on", () => {
    const problem = problemsOf(
      [
        [
          [1, 2, 3],
          [1, 2, 3],
        ],
      ],
      3,
    );
    const first = settledCells(problem, Uint8Array.of(0, 1, 0));
    expect(Array.from(first)).toEqual([0, 1, 0]);
    expect(Array.from(settledCells(problem, Uint8Array.of(1, 0, 1), first))).toEqual([1, 1, 1]);
  });

  test("waits for equal digits in a difference", () => {
    const problem = problemsOf(
      [
        [
          [1, 2, 3],
          [1, 1, 1],
        ],
      ],
      3,
      "sub",
    );
    expect(Array.from(settledCells(problem, Uint8Array.of(0, 1, 1)))).toEqual([0, 0, 1]);
  });

  test("gives the ceiling that the literature of this model reports", () => {
    const reached = shares(heldOut(1, 40_000), 28, 0.5);
    for (const [step, share, tolerance] of [
      [8, 0.945, 0.004],
      [12, 0.9952, 0.0015],
      [16, 0.99965, 0.0005],
      [24, 0.99999, 0.0001],
    ] as const) {
      expect(Math.abs(reached[step - 1]! - share)).toBeLessThan(tolerance);
    }
    expect(shares(heldOut(1, 2000), 8, 1)[7]).toBe(1);
  });

  test.prop([number, number, operation, fc.nat()], { numRuns: 50 })(
    "is right about every cell whose digit cannot depend on what has not arrived",
    (a, b, kind, seed) => {
      // a settled cell's digit follows from the digits it had news of: changing all places below its cone changes nothing
      const cells = 10;
      const digits = (x: bigint): number[] => parseDigits(String(x % 10n ** 9n));
      const problem = problemsOf([[digits(a), digits(b)]], cells, kind);
      const schedule = bernoulli(0.5);
      let settled: Uint8Array | undefined;
      // lowest place of which each cell has had news
      let horizon = Array.from({ length: cells }, (_, cell) => cell + 1);
      for (let step = 0; step < 6; step++) {
        const fired = schedule.fired({ step, batch: 1, cells, key: key(seed) });
        settled = settledCells(problem, fired, settled);
        const before = horizon;
        horizon = before.map((low, cell) =>
          fired[cell] === 0 ? low : Math.min(low, cell, Math.max(0, cell - 1), before[cell - 1] ?? 0),
        );
      }
      const truth = exactAnswers(problem).data;
      for (let cell = 0; cell < cells; cell++) {
        if (settled![cell] === 0) continue;
        const other = digitsOf(problem);
        const changed = { ...other, a: other.a.slice(), b: other.b.slice() };
        for (let below = 0; below < horizon[cell]!; below++) {
          changed.a[below] = (changed.a[below]! + 5) % 10;
          changed.b[below] = (changed.b[below]! + 7) % 10;
        }
        const altered = problemsOf([[[...changed.a], [...changed.b]]], cells, kind);
        expect(exactAnswers(altered).data[cell]).toBe(truth[cell]);
      }
    },
  );
});
