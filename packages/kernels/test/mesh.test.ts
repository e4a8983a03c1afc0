import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { meshProgram, meshReference } from "../src/index.ts";
import type { MeshProgram, MeshRun, MeshShape, MeshWeights } from "../src/index.ts";
import { SimdMeshProgram } from "../src/mesh/simd-program.ts";
import { trials } from "./support/trials.ts";
import { meshOf, meshRunOf, meshWeightsOf } from "./support/meshes.ts";
import { sequence } from "./support/samples.ts";

const sizes = fc.record({
  cells: fc.integer({ min: 1, max: 23 }),
  channels: fc.constantFrom(1, 3, 4, 8, 12, 17),
  hidden: fc.constantFrom(1, 4, 5, 8, 12, 19, 32, 48),
  lattice: fc.constantFrom("strip", "ring", "graph", "mixed"),
  activation: fc.constantFrom("relu", "tanh"),
  update: fc.constantFrom<MeshShape["update"]>("tanh", { scale: 1 }, { scale: 0.3 }),
  seed: fc.nat({ max: 1e6 }),
});
const runs = fc.record({
  batch: fc.integer({ min: 0, max: 5 }),
  steps: fc.integer({ min: 0, max: 4 }),
  rate: fc.constantFrom(0, 0.1, 0.5, 1),
  seed: fc.nat({ max: 1e6 }),
  inputs: fc.boolean(),
  keep: fc.boolean(),
});
const gary = {
  cells: 64,
  channels: 12,
  hidden: 48,
  lattice: "graph",
  activation: "relu",
  update: { scale: 1 },
  seed: 3,
} as const;
const plain = { batch: 1, steps: 3, rate: 0.5, seed: 2, inputs: false, keep: false };

describe("meshProgram", () => {
  test.prop([sizes, runs], trials(200))("equals the reference bit for bit, forward and back", (size, run) => {
    const shape = meshOf(size);
    agree(shape, meshWeightsOf(shape, size.seed), meshRunOf(shape, run));
  });

  test("equals the reference for every number of fired cells", () => {
    const shape = meshOf({ ...gary, cells: 101 });
    const run = meshRunOf(shape, { ...plain, steps: 1, keep: true });
    for (let fired = 0; fired <= 101; fired++) {
      agree(shape, meshWeightsOf(shape, 1), { ...run, masks: [run.masks[0]!.map((_, i) => (i < fired ? 1 : 0))] });
    }
  });

  test("equals the reference when cells are worked on in parts", () => {
    const long = meshOf({ ...gary, cells: 4300, channels: 4, hidden: 8 });
    agree(long, meshWeightsOf(long, 1), meshRunOf(long, { ...plain, steps: 2 }));
    const many = meshOf({ ...gary, cells: 9, channels: 4, hidden: 8, lattice: "ring", update: "tanh" });
    agree(many, meshWeightsOf(many, 1), meshRunOf(many, { ...plain, batch: 300, inputs: true, keep: true }));
  });

  test("uses SIMD", () => {
    expect(meshProgram(meshOf(gary))).toBeInstanceOf(SimdMeshProgram);
  });

  test("sees itself and the weighted sums of its neighbours", () => {
    const shape: MeshShape = {
      cells: 3,
      channels: 1,
      hidden: 3,
      neighbours: Int32Array.of(0, 1, 2),
      copies: 1,
      edges: {
        sums: 2,
        offsets: Int32Array.of(0, 2, 2, 2),
        sources: Int32Array.of(1, 2),
        weights: Float32Array.of(1, 10, 2, -20),
      },
      activation: "relu",
      update: { scale: 0.5 },
    };
    const program = loaded(meshProgram(shape), {
      w1: Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1),
      b1: Float32Array.of(0, 0, 200),
      w2: Float32Array.of(100, 1, 0.125),
      b2: Float32Array.of(3),
    });
    const state = Float32Array.of(1, 4, 8);
    // hidden: relu(1), relu(4 + 2 * 8), relu(200 + 10 * 4 - 20 * 8)
    const output = 100 * 1 + 20 + 80 / 8 + 3;
    const [next] = program.run({ batch: 1, state, masks: [Uint8Array.of(1, 0, 0)] });
    expect(next).toEqual(Float32Array.of(1 + output / 2, 4, 8));
  });

  test("gives the same gradients from the same tape again, and after other roll-outs", () => {
    const shape = meshOf(gary);
    const program = loaded(meshProgram(shape), meshWeightsOf(shape, 7));
    const run = meshRunOf(shape, { ...plain, steps: 4, keep: true });
    const states = program.run(run);
    const first = program.backward(states);
    expect(program.backward(states)).toEqual(first);
    program.run(meshRunOf(shape, { ...plain, batch: 9, steps: 9 }));
    program.run(run);
    expect(program.backward(states)).toEqual(first);
  });

  test.each([
    ["relu", { scale: 0.5 }],
    ["tanh", "tanh"],
  ] as const)("has the gradients of central differences: %s, %o", (activation, update) => {
    // float32 and a large step; biases keep rectified neurons clearly on or off
    const shape = meshOf({ ...gary, cells: 5, channels: 3, hidden: 4, lattice: "mixed", activation, update });
    const run = meshRunOf(shape, { ...plain, batch: 2, inputs: true, keep: true });
    const drawn = meshWeightsOf(shape, 13);
    const w1 = drawn.w1.map((x) => x * 0.1);
    const weights = { ...drawn, w1, b1: drawn.b1.map((_, i) => (i % 3 === 0 ? -2 : 1)) };
    const point: Record<string, Float32Array> = { ...weights, state: run.state, inputs: run.inputs! };
    const next = sequence(5);
    const target = run.masks.map(() => run.state.map(next));
    const program = meshProgram(shape);
    const loss = (): number => {
      program.load({ ...weights });
      return sumOf(program.run(run).map((values, step) => sumOf(values.map((x, i) => x * target[step]![i]!))));
    };
    loss();
    const gradients = program.backward(target);
    for (const [name, values] of Object.entries(point)) {
      for (let i = 0; i < values.length; i++) {
        const value = values[i]!;
        values[i] = value + 1e-2;
        const above = loss();
        values[i] = value - 1e-2;
        const below = loss();
        values[i] = value;
        const numeric = (above - below) / 2e-2;
        const analytic = gradients[name as keyof typeof gradients]![i]!;
        expect(Math.abs(analytic - numeric), `${name}[${i}]: ${analytic} ${numeric}`).toBeLessThan(
          0.02 * (1 + Math.abs(numeric)),
        );
      }
    }
  });
});

const sumOf = (values: Iterable<number>): number => Array.from(values).reduce((sum, x) => sum + x, 0);

function loaded(program: MeshProgram, weights: MeshWeights): MeshProgram {
  program.load(weights);
  return program;
}

function agree(shape: MeshShape, weights: MeshWeights, run: MeshRun): void {
  const reference = loaded(meshReference(shape), weights);
  const program = loaded(meshProgram(shape), weights);
  const expected = reference.run(run);
  expect(program.run(run).map(unsigned)).toEqual(expected.map(unsigned));
  const next = sequence(run.batch);
  const cotangents = expected.map(({ length }) => new Float32Array(length).map(next));
  const [a, b] = [program, reference].map((each) => Object.entries(each.backward(cotangents)));
  expect(a!.map(([name, values]) => [name, values && unsigned(values)])).toEqual(
    b!.map(([name, values]) => [name, values && unsigned(values)]),
  );
}

/** Zeros without their sign. */
const unsigned = (values: Float32Array): Float32Array => values.map((x) => x + 0);
