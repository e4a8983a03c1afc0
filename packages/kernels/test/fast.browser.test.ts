import { expect, test } from "vitest";
import { fast } from "../src/fast.ts";
import { meshProgram } from "../src/index.ts";
import { expected, fingerprints } from "./support/fingerprints.ts";
import { meshOf, meshRunOf, meshWeightsOf } from "./support/meshes.ts";

test("fast(true) works in a browser, stays near the strict numbers, and fast(false) gives every bit back", () => {
  const shape = meshOf({
    cells: 500,
    channels: 12,
    hidden: 48,
    lattice: "graph",
    activation: "relu",
    update: "tanh",
    seed: 3,
  });
  const run = meshRunOf(shape, { batch: 1, steps: 4, rate: 0.5, seed: 4, inputs: false, keep: false });
  const program = meshProgram(shape);
  program.load(meshWeightsOf(shape, 1));
  const strict = program.run(run)[0]!;
  expect(fast(true)).toBe(true);
  const near = program.run(run)[0]!;
  expect(near).not.toEqual(strict);
  expect(near.every((value, i) => Math.abs(value - strict[i]!) <= 2e-5)).toBe(true);
  expect(fast(false)).toBe(false);
  expect(program.run(run)[0]).toEqual(strict);
  expect(fingerprints()).toEqual(expected);
});
