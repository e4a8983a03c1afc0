import { bernoulli } from "@ganglion/nca";
import { key, normal } from "@ganglion/tensor";
import { describe, expect, test } from "vitest";
import { gary } from "../src/adder/gary.ts";
import { rippleAddSub } from "../src/adder/rippleAddSub.ts";
import { evaluate, suiteNames } from "../src/evaluate/evaluate.ts";
import { measure, rightRows } from "../src/evaluate/measure.ts";
import { exactAnswers } from "../src/oracle/exact.ts";
import { heldOut } from "../src/problems/heldOut.ts";
import { selectProblems } from "../src/problems/problems.ts";
import { readDigits, run } from "../src/solve/run.ts";

const model = { adder: gary, params: gary.init(key(0)) };

describe("measure", () => {
  test("reads what a run shows, and compares it with exact arithmetic", () => {
    const problems = heldOut(1, 50);
    const config = { steps: 7, schedule: bernoulli(0.5), key: key(4) };
    const { at, last, asked } = measure(model, problems, { ...config, at: [3, 7] });
    expect(Array.from(at.keys())).toEqual([3, 7]);
    expect(last.digits).toEqual(readDigits(model, run(model, problems, config)).data);
    expect(at.get(3)!.digits).toEqual(readDigits(model, run(model, problems, { ...config, steps: 3 })).data);
    expect(last.right).toEqual(rightRows(last.digits, exactAnswers(problems).data, 8));
    expect(asked.reduce((sum, count) => sum + count, 0)).toBeCloseTo(50 * 8 * 7, -3);
  });

  test("does not depend on how a large set is cut up", () => {
    const problems = heldOut(2, 1300);
    const start = normal(key(1), [1300, 8, 32]);
    const config = { steps: 2, schedule: bernoulli(0.5), key: key(4), start };
    const whole = readDigits(model, run(model, problems, config)).data;
    expect(measure(model, problems, config).last.digits).toEqual(whole);
  });
});

test("rightRows wants all digits of a row", () => {
  expect(Array.from(rightRows([1, 2, 3, 4, 5, 6], [1, 2, 3, 0, 5, 6], 2))).toEqual([1, 0, 1]);
});

describe("evaluate", () => {
  test("accounts for every answer, and never beats the ceiling of a model that knows nothing", () => {
    const rows = [...evaluate(model, { n: 20, suites: ["heldout", "orders", "steps", "adversarial", "swapped"] })];
    expect(rows.length).toBeGreaterThan(12);
    for (const { measured, ceiling, modelMisses, unfinished, n, name } of rows) {
      if (name.includes("share")) continue;
      expect(Math.round(measured * n) + modelMisses + unfinished).toBe(n);
      expect(ceiling).toBeGreaterThanOrEqual(measured);
    }
    const shares = rows.filter(({ name }) => name.includes("share")).map(({ measured }) => measured);
    expect(shares[0]).toBeGreaterThan(1 / 6);
    expect(shares[1]).toBeLessThan(1 / 6);
  });

  test("measures every operation that a model knows, and compares only sums with what was published", () => {
    const both = { adder: rippleAddSub, params: rippleAddSub.init(key(0)) };
    const rows = [...evaluate(both, { n: 4, suites: ["adversarial"] })];
    expect(rows.map(({ name }) => name.startsWith("sub: "))).toEqual([
      false,
      false,
      false,
      false,
      true,
      true,
      true,
      true,
    ]);
    expect(rows.filter(({ published }) => published !== undefined).map(({ name }) => name)).toEqual([
      "22 carries, one order, 24 steps",
    ]);
  });

  test("gives the same figures again, others for another seed", () => {
    const figures = (seed: number): unknown => [...evaluate(model, { n: 10, seed, suites: ["heldout", "garbage"] })];
    expect(figures(1)).toEqual(figures(1));
    expect(figures(1)).not.toEqual(figures(2));
  });

  test("carries the published figures", () => {
    const published = [...evaluate(model, { n: 2, suites: ["steps"] })].map((row) => row.published);
    expect(published).toEqual([0.847, 0.987, 0.999, 0.9995, 0.9997, 0.9994, undefined]);
  });

  test("compares the int8 codes with the weights as trained", () => {
    const names = [...evaluate(model, { n: 2, suites: ["int8"] })].map(({ name }) => name);
    expect(names.map((name) => name.split(",")[0])).toEqual([
      "float32",
      "float32",
      "int8",
      "int8",
      "int8",
      "int8",
      "int8-per-tensor",
      "int8-per-tensor",
    ]);
    expect(names.filter((name) => name.includes("in integers"))).toHaveLength(2);
  });

  test("knows its suites", () => {
    expect(suiteNames.join()).toBe("heldout,orders,length,steps,adversarial,schedules,long,garbage,swapped,int8");
    expect(() => evaluate(model, { suites: ["order"] })).toThrow(
      expect.objectContaining({
        name: "ConfigError",
        message: `evaluate: expected suites among ${suiteNames.join(", ")}, received order. Did you mean orders?`,
      }),
    );
    expect(() => evaluate(model, { n: 0 })).toThrow("evaluate: expected n of at least 1, received 0");
  });
});

test("selectProblems keeps problems whole", () => {
  const problems = heldOut(3, 10);
  const [answer] = [exactAnswers(selectProblems(problems, [4])).data];
  expect(answer).toEqual(exactAnswers(problems).data.slice(32, 40));
});
