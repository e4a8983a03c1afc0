import { describe, expect, test } from "vitest";
import { evaluate } from "../src/evaluate/evaluate.ts";
import type { Row } from "../src/evaluate/row.ts";
import { solve } from "../src/solve/solve.ts";
import { countParameters } from "@ganglion/tensor";
import { load, modelNames } from "../src/weights/registry.ts";

/** Rows of a suite by name. */
function rowsOf(rows: readonly Row[], suite: string): ReadonlyMap<string, Row> {
  return new Map(rows.filter((row) => row.suite === suite).map((row) => [row.name, row]));
}

describe.each([...modelNames])("the card of %s", (name) => {
  test("counts the parameters of the weights that ship", async () => {
    const { card, params } = await load(name);
    expect(card.parameters).toBe(countParameters(params));
  });

  test("has figures for every suite, from one command", async () => {
    const { card } = await load(name);
    expect(card.figures?.model).toBe(name);
    expect(card.figures?.command).toBe(`ganglion eval ${name} --n ${card.figures?.n} --seed ${card.figures?.seed}`);
    expect(new Set(card.figures?.rows.map(({ suite }) => suite)).size).toBe(10);
  });

  test("gives figures that are measured again, to the last problem", async () => {
    const model = await load(name);
    const { seed, n, rows } = model.card.figures!;
    const again = [...evaluate(model, { suites: ["adversarial"], n, seed })];
    expect(again).toEqual([...rowsOf(rows, "adversarial").values()]);
  });

  test("gives accuracies that another thousand problems confirm", async () => {
    const model = await load(name);
    const known = rowsOf(model.card.figures!.rows, "heldout");
    for (const row of evaluate(model, { suites: ["heldout"], n: 1000, seed: 987 })) {
      const { measured } = known.get(row.name)!;
      // four standard deviations of a thousand draws, and of what ten thousand leave uncertain
      const tolerance = 4 * Math.sqrt(Math.max(measured * (1 - measured), 1e-4) * (1 / 1000));
      expect(Math.abs(row.measured - measured)).toBeLessThan(tolerance);
    }
  });

  test("names a model that answers", async () => {
    const model = await load(name);
    expect(solve(model, "add", "9999999", "1").answer).toBe("10000000");
    expect(solve(model, "add", "0", "0").answer).toBe("0");
    expect(solve(model, "add", "58", "67", { vote: 9, seed: 3 }).answer).toBe("125");
  });
});

test("ripple and ripple-add-sub work on strips that they never saw", async () => {
  for (const name of ["ripple", "ripple-add-sub"]) {
    const model = await load(name);
    const config = { schedule: "synchronous" } as const;
    const [a, b] = ["8".repeat(60), "1".repeat(59) + "2"];
    expect(solve(model, "add", a, b, config).answer).toBe(String(BigInt(a) + BigInt(b)));
  }
  const model = await load("ripple-add-sub");
  const [a, b] = ["1" + "0".repeat(40), "1"];
  expect(solve(model, "sub", a, b, { schedule: "synchronous" }).answer).toBe("9".repeat(40));
  expect(solve(model, "sub", b, a, { schedule: "synchronous" }).answer).toBe(`-${"9".repeat(40)}`);
  expect(solve(model, "sub", a, a).answer).toBe("0");
});
