import { describe, expect, test } from "vitest";
import { adam, adamW, applyUpdates, ema, muon, partition, sgd } from "../src/index.ts";
import type { Optimiser } from "../src/index.ts";
import { difference, expected, grads, start } from "./support/golden.ts";
import type { Leaves } from "./support/golden.ts";

const slowAdam = { learningRate: 0.01, beta2: 0.99 };
const cases: readonly (readonly ["sgd" | "adam" | "adamW" | "muon", () => Optimiser])[] = [
  ["sgd", () => sgd({ learningRate: 0.05, momentum: 0.9 })],
  ["adam", () => adam(slowAdam)],
  ["adamW", () => adamW({ learningRate: 0.03, beta2: 0.99, weightDecay: 0.05 })],
  [
    "muon",
    () => partition({ muon: muon(), adam: adam(slowAdam) }, (_, leaf) => (leaf.shape.length > 1 ? "muon" : "adam")),
  ],
];

function run(optimiser: Optimiser, dtype: "float32" | "float64"): Leaves[] {
  let params = start(dtype);
  let state = optimiser.init(params);
  return grads(dtype).map((gradients) => {
    const made = optimiser.update(gradients, state, params);
    ({ state } = made);
    params = applyUpdates(params, made.updates);
    return params;
  });
}

describe.each(cases)("%s", (name, make) => {
  test.each([
    ["float64", 1e-12],
    ["float32", 3e-6],
  ] as const)("agrees with numpy's formulas over six updates in %s", (dtype, tolerance) => {
    const steps = run(make(), dtype);
    for (const [index, wanted] of expected(name).entries()) {
      expect(difference(steps[index]!, wanted)).toBeLessThan(tolerance);
    }
  });
});

describe("ema", () => {
  test.each([
    ["float64", 1e-12],
    ["float32", 3e-6],
  ] as const)("agrees with numpy's average of six sets of parameters in %s", (dtype, tolerance) => {
    const average = ema(0.3);
    let state = average.init(start(dtype));
    const wanted = expected("ema");
    for (const [index, params] of run(adam(slowAdam), dtype).entries()) {
      state = average.update(state, params);
      expect(difference(average.params(state), wanted[index]!)).toBeLessThan(tolerance);
    }
  });
});
