import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { automatonProgram, automatonReference } from "../src/index.ts";
import type { AutomatonProgram, AutomatonRun, AutomatonShape, MixtureWeights } from "../src/index.ts";
import { SimdProgram } from "../src/automaton/simd-program.ts";
import { trials } from "./support/trials.ts";
import { runOf, shapeOf, weightsOf } from "./support/automata.ts";
import { sequence } from "./support/samples.ts";

const sizes = fc
  .record({
    cells: fc.integer({ min: 1, max: 9 }),
    channels: fc.constantFrom(1, 3, 8, 12),
    hidden: fc.constantFrom(1, 5, 8, 32, 40),
    experts: fc.integer({ min: 1, max: 9 }),
    choice: fc.nat(),
    lattice: fc.constantFrom("strip", "ring", "any", "graph", "mixed"),
    seed: fc.nat({ max: 1e6 }),
  })
  .map(({ choice, ...rest }) => ({ ...rest, topK: 1 + (choice % Math.min(4, rest.experts)) }));
const runs = fc.record({
  batch: fc.integer({ min: 0, max: 9 }),
  steps: fc.integer({ min: 0, max: 4 }),
  rate: fc.constantFrom(0, 0.1, 0.5, 1),
  seed: fc.nat({ max: 1e6 }),
});
type Run = ReturnType<typeof runOf>;
const gary = { cells: 8, channels: 32, hidden: 32, experts: 6, topK: 2, lattice: "strip", seed: 3 } as const;

describe("automatonProgram", () => {
  test.prop([sizes, runs], trials(150))("equals the reference bit for bit, forward and back", (size, run) => {
    const shape = shapeOf(size);
    agree(shape, weightsOf(shape, size.seed), runOf(shape, run));
  });

  test("equals the reference when strips pass by in chunks", () => {
    const shape = shapeOf(gary);
    agree(shape, weightsOf(shape, 1), runOf(shape, { batch: 130, steps: 3, rate: 0.5, seed: 2 }));
    const long = shapeOf({ ...gary, cells: 700, channels: 8, lattice: "ring" });
    agree(long, weightsOf(long, 1), runOf(long, { batch: 2, steps: 2, rate: 0.5, seed: 2 }));
    const graph = shapeOf({ ...gary, cells: 20, channels: 12, lattice: "graph" });
    agree(graph, weightsOf(graph, 1), runOf(graph, { batch: 60, steps: 3, rate: 0.5, seed: 2 }));
  });

  // 512 cells at a time, which take their turns by what they see within their lattice
  test.prop(
    [
      fc.record({
        cells: fc.integer({ min: 60, max: 260 }),
        channels: fc.constantFrom(1, 8, 12),
        hidden: fc.constantFrom(1, 8),
        experts: fc.integer({ min: 1, max: 5 }),
        topK: fc.constant(1),
        lattice: fc.constantFrom("strip", "ring", "any", "graph", "mixed"),
        seed: fc.nat({ max: 1e6 }),
      }),
      fc.record({
        batch: fc.integer({ min: 2, max: 18 }),
        steps: fc.integer({ min: 1, max: 2 }),
        rate: fc.constantFrom(0.1, 0.5, 1),
        seed: fc.nat({ max: 1e6 }),
      }),
    ],
    { numRuns: 25 },
  )("has the states of the reference where nothing else is asked for", (size, run) => {
    const shape = shapeOf(size);
    agreeOnStates(shape, weightsOf(shape, size.seed), runOf(shape, run));
  });

  test("gives 0 and not -0 where all that is seen lies beyond the ends of the lattice", () => {
    const sizes = { ...gary, cells: 1, channels: 8, hidden: 8, lattice: "strip" } as const;
    const shape = { ...shapeOf(sizes), neighbours: Int32Array.of(-1, -1, -1) };
    const negative = (values: Float32Array): Float32Array => values.map(() => -0);
    const weights = weightsOf(shape, 1);
    const { b1, b2, routerBias } = weights;
    const run = runOf(shape, { batch: 512, steps: 2, rate: 1, seed: 2 });
    agreeOnStates(shape, { ...weights, b1: negative(b1), b2: negative(b2), routerBias: negative(routerBias) }, run);
  });

  test.each([1040, 1100])("equals the reference with %i experts", (experts) => {
    const shape = shapeOf({ ...gary, cells: 4, channels: 8, hidden: 8, experts });
    agree(shape, weightsOf(shape, 1), runOf(shape, { batch: 6, steps: 3, rate: 0.5, seed: 2 }));
  });

  test("uses SIMD", () => {
    expect(automatonProgram(shapeOf(gary))).toBeInstanceOf(SimdProgram);
  });

  test("leaves cells that do not fire, and forgets what stood in those that do", () => {
    const shape = shapeOf(gary);
    const program = loaded(automatonProgram(shape), weightsOf(shape, 4));
    const run = runOf(shape, { batch: 1, steps: 1, rate: 0, seed: 5 });
    run.masks[0]![3] = 1;
    const [states] = program.run(run).states as [Float32Array];
    const changed = Array.from({ length: 8 }, (_, cell) => {
      const channels = Array.from({ length: 32 }, (_unused, channel) => cell * 32 + channel);
      return channels.filter((i) => states[i] !== run.state[i]).length;
    });
    expect(changed).toEqual([0, 0, 0, 32, 0, 0, 0, 0]);
  });

  test("asks its only expert as a perceptron, without a router", () => {
    const shape = shapeOf({ ...gary, cells: 2, channels: 1, hidden: 2, experts: 1, topK: 1 });
    const weights: MixtureWeights = {
      routerWeight: Float32Array.of(5, -5, 5),
      routerBias: Float32Array.of(-2),
      w1: Float32Array.of(1, 0, 0.5, -1, 0, 2),
      b1: Float32Array.of(0.25, 0),
      w2: Float32Array.of(0.5, 1),
      b2: Float32Array.of(0.125),
    };
    const program = loaded(automatonProgram(shape), weights);
    const state = Float32Array.of(0.5, -1);
    const { states, choices } = program.run({ batch: 1, state, masks: [Uint8Array.of(1, 0)], choices: true });
    // hidden: relu(.25 + .5 * .5), relu(-.5 - 2)
    expect(states[0]![0]).toBeCloseTo(Math.tanh(0.5 * 0.5 + 0.125), 6);
    expect(states[0]![1]).toBe(-1);
    expect(choices).toEqual([{ experts: Int32Array.of(0), gates: Float32Array.of(1) }]);
  });

  test("does not depend on how strips are batched", () => {
    const shape = shapeOf(gary);
    const run = runOf(shape, { batch: 100, steps: 4, rate: 0.5, seed: 9 });
    const program = loaded(automatonProgram(shape), weightsOf(shape, 7));
    const { states } = program.run({ ...run, keep: false, tape: false });
    const { inputs } = run;
    const strip = 8 * 32;
    for (const index of [0, 1, 63, 64, 99]) {
      const part = (values: Float32Array): Float32Array => values.slice(index * strip, (index + 1) * strip);
      const masks = run.masks.map((mask) => mask.slice(index * 8, index * 8 + 8));
      const alone = program.run({ batch: 1, state: part(run.state), inputs: part(inputs), masks });
      expect(alone.states).toEqual([part(states[0]!)]);
    }
  });

  test("lends its states until the next roll-out that lends, and gives all others away", () => {
    const shape = shapeOf(gary);
    const program = loaded(automatonProgram(shape), weightsOf(shape, 7));
    const [run, other] = [9, 10].map((seed) => runOf(shape, { batch: 3, steps: 4, rate: 0.5, seed })) as [Run, Run];
    const own = program.run(run).states;
    const lent = program.run({ ...run, lend: true }).states;
    expect(lent).toEqual(own);
    const next = program.run({ ...other, lend: true }).states;
    expect(lent).toEqual(next);
    expect(program.run(other).states).toEqual(next);
    expect(program.run({ ...other, keep: false, lend: true }).states).toEqual([next[3]!]);
    expect(program.run(run).states).toEqual(own);
  });

  test("gives the same gradients from the same tape again, and after other roll-outs", () => {
    const shape = shapeOf(gary);
    const program = loaded(automatonProgram(shape), weightsOf(shape, 7));
    const run = runOf(shape, { batch: 3, steps: 4, rate: 0.5, seed: 9 });
    const { states } = program.run(run);
    const first = program.backward({ states });
    expect(program.backward({ states })).toEqual(first);
    program.run(runOf(shape, { batch: 90, steps: 9, rate: 0.9, seed: 1 }));
    program.run(run);
    expect(program.backward({ states })).toEqual(first);
  });

  test.each(["strip", "graph"] as const)("has the gradients of central differences on a %s", (lattice) => {
    // float32 and a large step; biases keep neurons clearly on or off, and the order of the experts as it is
    const size = { ...gary, cells: 3, channels: 3, hidden: 4, experts: 3, lattice };
    const shape = shapeOf(size);
    const run = runOf(shape, { batch: 2, steps: 3, rate: 0.7, seed: 12 });
    const drawn = weightsOf(shape, 13);
    const weights = {
      ...drawn,
      routerWeight: drawn.routerWeight.map((x) => x * 0.1),
      routerBias: Float32Array.of(0, 1, 2),
      w1: drawn.w1.map((x) => x * 0.2),
      b1: drawn.b1.map((_, i) => (i % 3 === 0 ? -2 : 1)),
    };
    const { state, inputs } = run;
    const point: Record<string, Float32Array> = { ...weights, state, inputs };
    const next = sequence(5);
    const target = run.masks.map(() => new Float32Array(state.length).map(next));
    const program = automatonProgram(shape);
    const loss = (): number => {
      program.load(weights);
      const { states, balance, z } = program.run(run);
      const aimed = states.map((values, step) => sumOf(values.map((x, i) => x * target[step]![i]!)));
      return aimed.reduce((a, b) => a + b) + sumOf(balance) * 0.7 + sumOf(z) * 0.3;
    };
    loss();
    const balance = new Float32Array(3).fill(0.7);
    const gradients = program.backward({ states: target, balance, z: balance.map(() => 0.3) });
    for (const [name, values] of Object.entries(point)) {
      for (let i = 0; i < values.length; i++) {
        const value = values[i]!;
        values[i] = value + 1e-2;
        const above = loss();
        values[i] = value - 1e-2;
        const below = loss();
        values[i] = value;
        const numeric = (above - below) / 2e-2;
        const analytic = gradients[name as keyof typeof gradients][i]!;
        expect(Math.abs(analytic - numeric), `${name}[${i}]: ${analytic} ${numeric}`).toBeLessThan(
          0.02 * (1 + Math.abs(numeric)),
        );
      }
    }
  });
});

const sumOf = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0);

function loaded(program: AutomatonProgram, weights: MixtureWeights): AutomatonProgram {
  program.load(weights);
  return program;
}

function agree(shape: AutomatonShape, weights: MixtureWeights, run: AutomatonRun): void {
  const reference = loaded(automatonReference(shape), weights);
  const program = loaded(automatonProgram(shape), weights);
  const expected = reference.run(run);
  expect(program.run({ ...run, choices: false, losses: false, tape: false }).states).toEqual(expected.states);
  expect(program.run(run)).toEqual(expected);
  const next = sequence(run.batch);
  const noise = (length: number): Float32Array => new Float32Array(length).map(next);
  const steps = run.masks.length;
  const cotangents = {
    states: expected.states.map(({ length }) => noise(length)),
    balance: noise(steps),
    z: noise(steps),
  };
  expect(unsigned(program.backward(cotangents))).toEqual(unsigned(reference.backward(cotangents)));
}

/** Nothing but states is wanted, so that cells may fire in any order. */
function agreeOnStates(shape: AutomatonShape, weights: MixtureWeights, run: AutomatonRun): void {
  const { batch, state, inputs, masks } = run;
  const [expected, received] = [automatonReference(shape), automatonProgram(shape)].map((program) =>
    loaded(program, weights).run({ batch, state, inputs, masks, keep: true }),
  );
  expect(received!.states).toEqual(expected!.states);
}

/** Zeros without their sign. */
function unsigned(gradients: object): unknown {
  return Object.entries(gradients).map(([name, values]) => [name, (values as Float32Array).map((x) => x + 0)]);
}
