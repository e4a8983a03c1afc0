import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ConfigError, key } from "@ganglion/tensor";
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gary } from "../src/adder/gary.ts";
import { ripple } from "../src/adder/ripple.ts";
import { rippleAddSub } from "../src/adder/rippleAddSub.ts";
import { plan, scheduleNames } from "../src/solve/schedules.ts";
import { solve } from "../src/solve/solve.ts";
import type { SolveConfig } from "../src/solve/solve.ts";
import { stepsToSettle } from "../src/solve/steps.ts";
import { majority } from "../src/solve/vote.ts";

const untrained = { adder: ripple, params: ripple.init(key(0)) };

describe("stepsToSettle", () => {
  test("is the width when everybody fires", () => {
    expect([1, 8, 300].map((cells) => stepsToSettle(cells, 1))).toEqual([1, 8, 300]);
  });

  test("leaves the longest carry unfinished as rarely as asked", () => {
    // after T steps it is unfinished when fewer than n of T tosses came up
    const unfinished = (steps: number, cells: number, rate: number): number => {
      let probability = (1 - rate) ** steps;
      let total = 0;
      for (let fired = 0; fired < cells; fired++) {
        total += probability;
        probability *= ((steps - fired) / (fired + 1)) * (rate / (1 - rate));
      }
      return total;
    };
    for (const [cells, rate, risk] of [
      [8, 0.5, 1e-6],
      [8, 0.1, 1e-3],
      [64, 0.5, 1e-6],
      [20, 0.9, 1e-4],
    ] as const) {
      const steps = stepsToSettle(cells, rate, risk);
      expect(unfinished(steps, cells, rate)).toBeLessThan(risk);
      expect(unfinished(steps - 1, cells, rate)).toBeGreaterThanOrEqual(risk);
    }
  });
});

describe("plan", () => {
  test.prop([fc.integer({ min: 1, max: 12 }), fc.constantFrom(...scheduleNames)])(
    "lets the longest carry arrive",
    (cells, name) => {
      const { schedule, steps } = plan(name, cells);
      let arrived = 0;
      for (let step = 0; step < steps; step++) {
        const fired = schedule.fired({ step, batch: 1, cells, key: key(1) });
        // a cell that fires together with its neighbour still sees the neighbour's old state
        if (fired[arrived] === 1) arrived++;
      }
      expect(arrived).toBe(cells);
    },
  );

  test("takes cells in any order", () => {
    const { schedule, steps } = plan([2, 0, 1], 3);
    const fired = Array.from({ length: 4 }, (_, step) => schedule.fired({ step, batch: 1, cells: 3, key: key(0) }));
    expect(fired.map((mask) => mask.indexOf(1))).toEqual([2, 0, 1, 2]);
    expect(steps).toBe(15);
  });
});

describe("majority", () => {
  test("takes the most frequent digit at each place, the lower one of two", () => {
    expect(
      Array.from(
        majority([
          [1, 9],
          [1, 8],
          [2, 7],
        ]),
      ),
    ).toEqual([1, 7]);
    expect(Array.from(majority([]))).toEqual([]);
  });

  test.prop([fc.array(fc.nat({ max: 9 }), { minLength: 1 }), fc.integer({ min: 1, max: 9 })])(
    "of equal ballots is the ballot",
    (ballot, voters) => {
      expect(Array.from(majority(Array.from({ length: voters }, () => ballot)))).toEqual(ballot);
    },
  );
});

describe("solve", () => {
  test("widens the strip to one cell more than the longer operand, and never below the trained width", () => {
    const width = (a: string, b: string): number => solve(untrained, "add", a, b, { steps: 1 }).cells;
    expect(width("1", "2")).toBe(8);
    expect(width("1234567", "2")).toBe(8);
    expect(width("1", "1".repeat(40))).toBe(41);
    expect(width("0".repeat(90), "1")).toBe(8);
  });

  test("gives the same answer for the same seed, and shows every step of it", () => {
    const config: SolveConfig = { seed: 5, steps: 6, trace: true };
    const first = solve(untrained, "add", "123", "456", config);
    expect(solve(untrained, "add", "123", "456", config)).toEqual(first);
    expect(first.frames.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(Number(first.answer)).toBe(Number(first.frames.at(-1)!.digits.toReversed().join("")));
    for (const { experts } of first.frames) {
      for (const asked of experts) expect([0, 2]).toContain(asked.length);
    }
    expect(solve(untrained, "add", "123", "456", { ...config, seed: 6 }).frames).not.toEqual(first.frames);
  });

  test("fires whom the schedule says", () => {
    const { frames } = solve(untrained, "add", "1", "2", { schedule: [7, 0, 3], steps: 3, trace: true });
    expect(frames.map(({ experts }) => experts.findIndex((asked) => asked.length > 0))).toEqual([7, 0, 3]);
    expect(solve(untrained, "add", "1", "2", { schedule: "synchronous", trace: true }).frames).toHaveLength(10);
  });

  test("takes one ballot per vote, the first being that of a single run", () => {
    const one = solve(untrained, "add", "98", "76", { steps: 5, seed: 3 });
    const nine = solve(untrained, "add", "98", "76", { steps: 5, seed: 3, vote: 9 });
    expect(nine.votes).toHaveLength(9);
    expect(nine.votes[0]).toBe(one.answer);
    expect(new Set(nine.votes).size).toBeGreaterThan(1);
  });

  test.each([
    [{ steps: 0 }, "add: expected steps to be a whole number of at least 1, received 0"],
    [{ steps: 1.5 }, "add: expected steps to be a whole number of at least 1, received 1.5"],
    [{ vote: 0 }, "add: expected vote to be a whole number of at least 1, received 0"],
    [{ fireRate: 2 }, "add: expected fireRate above 0 and at most 1, received 2"],
    [{ fireRate: Number.NaN }, "add: expected fireRate above 0 and at most 1, received NaN"],
  ])("refuses %j", (config, message) => {
    expect(() => solve(untrained, "add", "1", "2", config)).toThrow(new ConfigError("add", message.slice(5)));
  });

  test("refuses what the model cannot do", () => {
    expect(() => solve(untrained, "sub", "1", "2")).toThrow(
      new ConfigError("sub", "expected a model that knows sub, received ripple. Use ripple-add-sub?"),
    );
    expect(() => solve({ adder: gary, params: gary.init(key(0)) }, "add", "12345678", "2")).toThrow(
      new ConfigError("add", "expected operands of at most 7 digits for gary, received 8. Use ripple?"),
    );
  });

  test("exchanges the operands when the top cell shows a 9, and only then", () => {
    const seeds = Array.from({ length: 40 }, (_, seed) => rippleAddSub.init(key(seed)));
    const solutions = seeds.map((some) =>
      solve({ adder: rippleAddSub, params: some }, "sub", "7", "1000", { steps: 2, vote: 1 }),
    );
    expect(new Set(solutions.map(({ exchanged }) => exchanged)).size).toBe(2);
    for (const { exchanged, answer } of solutions) expect(answer.startsWith("-")).toBe(exchanged);
  });

  test("reads no module that does exact arithmetic", async () => {
    const root = fileURLToPath(new URL("../src/", import.meta.url));
    const seen = new Set<string>();
    const visit = async (file: string): Promise<void> => {
      if (seen.has(file)) return;
      seen.add(file);
      const source = await readFile(file, "utf8");
      for (const [, path] of source.matchAll(/^(?:import|export) (?!type ).*?from "(\.[^"]+)";$/gmsu)) {
        await visit(join(dirname(file), path!));
      }
    };
    await visit(join(root, "solve/solve.ts"));
    expect(seen.size).toBeGreaterThan(5);
    expect([...seen].filter((file) => file.includes("/oracle/"))).toEqual([]);
  });
});
