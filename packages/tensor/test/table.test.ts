import { expect, test } from "vitest";
import * as tensor from "../src/index.ts";
import { operations } from "./operations.ts";
import { goldenNames } from "./support/golden.ts";

/** Exports that are no operations; each has a test file of its own. */
const others = {
  classes: ["Tensor", "ShapeError", "DTypeError", "ConfigError", "GradientError", "CompileError"],
  creation: ["tensor", "fromData", "zeros", "ones", "full", "arange", "eye"],
  randomness: ["key", "split", "foldIn", "uniform", "normal", "bernoulli", "randomInt", "permutation"],
  gradients: ["grad", "valueAndGrad", "vjp", "stopGradient", "customGradient", "checkpoint", "scan", "compile"],
  extension: ["customOperation"],
  trees: ["mapTree", "flattenTree", "countParameters"],
};

test("the table has every exported operation, once, and nothing else", () => {
  const known = Object.values(others).flat();
  const exported = Object.keys(tensor).filter((name) => !known.includes(name));
  expect(operations.map(({ name }) => name).toSorted()).toEqual(exported.toSorted());
});

test("the list of exports that are no operations is not out of date", () => {
  const missing = Object.values(others)
    .flat()
    .filter((name) => !(name in tensor));
  expect(missing).toEqual([]);
});

test("there is one golden file for every operation", () => {
  expect(goldenNames().toSorted()).toEqual(operations.map(({ name }) => name).toSorted());
});
