import { fc, test } from "@fast-check/vitest";
import { afterAll, describe, expect, test as plain, vi } from "vitest";
import { fast } from "../src/fast.ts";
import { automatonReference, integerProgram, integerReference, threads } from "../src/index.ts";
import type { AutomatonShape, IntegerMatrix, IntegerWeights, MixtureWeights } from "../src/index.ts";
import { IntegerSimdProgram } from "../src/automaton/integer/simd-program.ts";
import { teamFor } from "../src/threads/threads.ts";
import { trials } from "./support/trials.ts";
import { runOf, shapeOf, weightsOf } from "./support/automata.ts";

const sizes = fc
  .record({
    cells: fc.integer({ min: 1, max: 9 }),
    channels: fc.constantFrom(1, 3, 8, 32),
    hidden: fc.constantFrom(1, 5, 8, 32),
    experts: fc.integer({ min: 1, max: 9 }),
    choice: fc.nat(),
    lattice: fc.constantFrom("strip", "ring", "any"),
    seed: fc.nat({ max: 1e6 }),
  })
  .map(({ choice, ...rest }) => ({ ...rest, topK: 1 + (choice % Math.min(4, rest.experts)) }));
const runs = fc.record({
  batch: fc.integer({ min: 0, max: 70 }),
  steps: fc.integer({ min: 0, max: 4 }),
  rate: fc.constantFrom(0, 0.5, 1),
  seed: fc.nat({ max: 1e6 }),
});
const gary = { cells: 8, channels: 32, hidden: 32, experts: 6, topK: 2, lattice: "strip", seed: 3 } as const;

describe("integerProgram", () => {
  test.prop([sizes, runs, fc.constantFrom(undefined, 0, 0.2), fc.constantFrom(1, 4)], trials(100))(
    "equals the reference bit for bit",
    (size, run, threshold, largest) => {
      const shape = shapeOf(size);
      const { weights } = quantized(shape, weightsOf(shape, size.seed));
      const [expected, received] = [integerReference(shape), integerProgram(shape)].map((program) => {
        program.load(weights);
        const { state, ...rest } = runOf(shape, run);
        return program.run({ ...rest, state: state.map((x) => x * largest), threshold });
      });
      expect(received!.fired).toBe(expected!.fired);
      const positive = (values: Float32Array): Float32Array => values.map((x) => x + 0);
      expect(received!.states.map(positive)).toEqual(expected!.states.map(positive));
      expect(positive(received!.state)).toEqual(positive(expected!.state));
      expect(received!.choices).toEqual(expected!.choices);
    },
  );

  // 512 cells at a time, which take their turns by what they see within their lattice
  test.prop([fc.constantFrom("strip", "any"), fc.constantFrom(undefined, 0.2), fc.nat({ max: 1e6 })], trials(20))(
    "has the states of the reference where nothing else is asked for",
    (lattice, threshold, seed) => {
      const shape = shapeOf({ ...gary, channels: 8, hidden: 8, lattice, seed });
      const { weights } = quantized(shape, weightsOf(shape, seed));
      const { state, inputs, masks } = runOf(shape, { batch: 140, steps: 3, rate: 0.6, seed });
      const [expected, received] = [integerReference(shape), integerProgram(shape)].map((program) => {
        program.load(weights);
        return program.run({ batch: 140, state, inputs, masks, threshold });
      });
      expect(received).toEqual(expected);
    },
  );

  describe("on threads", () => {
    const shape = shapeOf(gary);
    const { weights } = quantized(shape, weightsOf(shape, 7));
    const run = {
      ...runOf(shape, { batch: 700, steps: 5, rate: 0.6, seed: 8 }),
      keep: true,
      choices: true,
      threshold: 0.1,
    };
    const reference = integerReference(shape);
    reference.load(weights);
    const expected = reference.run(run);
    afterAll(() => void threads(1));

    plain.each([1, 2, 4, 8])("changes no bit: %i", (count) => {
      threads(count);
      const program = integerProgram(shape);
      program.load(weights);
      const team = teamFor(Infinity);
      expect(team?.ready(10_000)).toBe(count > 1 ? true : undefined);
      const perform = team && vi.spyOn(team, "perform");
      for (let turn = 0; turn < 100; turn++) {
        expect(program.run(run)).toEqual(expected);
        const owners = perform?.mock.results.at(-1)!.value as readonly number[] | undefined;
        if (owners === undefined || owners.some((owner) => owner !== 0)) return;
      }
      expect.fail("no worker took a part in 100 roll-outs");
    });
  });

  test.each([1, 2])("changes no bit after fast(true), on %i threads", (count) => {
    const shape = shapeOf(gary);
    const { weights } = quantized(shape, weightsOf(shape, 7));
    const run = { ...runOf(shape, { batch: 700, steps: 5, rate: 0.6, seed: 8 }), keep: true };
    const results = [false, true].map((on) => {
      fast(on);
      threads(count);
      const program = integerProgram(shape);
      program.load(weights);
      return program.run(run);
    });
    fast(false);
    threads(1);
    expect(results[1]).toEqual(results[0]);
  });

  test("uses SIMD", () => {
    expect(integerProgram(shapeOf(gary))).toBeInstanceOf(IntegerSimdProgram);
  });

  test("comes close to float32 with the same weights", () => {
    const shape = shapeOf(gary);
    const { weights, exact } = quantized(shape, weightsOf(shape, 5));
    const run = { ...runOf(shape, { batch: 40, steps: 3, rate: 0.5, seed: 6 }), tape: false, keep: false };
    const program = integerProgram(shape);
    program.load(weights);
    const reference = automatonReference(shape);
    reference.load(exact);
    const { state, fired } = program.run(run);
    const expected = reference.run(run).states[0]!;
    expect(fired).toBe(run.masks.reduce((sum, mask) => sum + mask.reduce((a, b) => a + b, 0), 0));
    const errors = state.map((x, i) => Math.abs(x - expected[i]!)).toSorted();
    expect(errors[Math.floor(errors.length * 0.99)]).toBeLessThan(2e-3);
  });

  test("keeps neither states nor choices unless asked to", () => {
    const shape = shapeOf(gary);
    const program = integerProgram(shape);
    program.load(quantized(shape, weightsOf(shape, 5)).weights);
    const { batch, state, inputs, masks } = runOf(shape, { batch: 2, steps: 3, rate: 0.5, seed: 6 });
    const kept = program.run({ batch, state, inputs, masks, keep: true, choices: true });
    const plain = program.run({ batch, state, inputs, masks });
    expect([plain.states, plain.choices]).toEqual([[], []]);
    expect(kept.states.at(-1)).toEqual(plain.state);
    expect(kept.choices.map(({ fired }) => fired)).toEqual(masks);
  });

  test("leaves cells alone that see no news", () => {
    const shape = shapeOf(gary);
    const { weights } = quantized(shape, weightsOf(shape, 5));
    const program = integerProgram(shape);
    program.load({ ...weights, inputRange: 1 });
    const run = runOf(shape, { batch: 10, steps: 30, rate: 1, seed: 6 });
    const always = program.run(run);
    const seldom = program.run({ ...run, threshold: 0.3 });
    expect(always.fired).toBe(10 * 8 * 30);
    expect(seldom.fired).toBeGreaterThan(10 * 8);
    expect(seldom.fired).toBeLessThan(always.fired);
    expect(program.run({ ...run, threshold: 10 }).fired).toBe(10 * 8);
  });
});

/** Codes with a scale for each column, and the weights that they stand for. */
function quantized(shape: AutomatonShape, weights: MixtureWeights): { weights: IntegerWeights; exact: MixtureWeights } {
  const { hidden, channels, experts } = shape;
  const matrix = (values: Float32Array, bias: Float32Array, width: number, groups: number): IntegerMatrix => {
    const size = values.length / groups;
    const column = (i: number): number => Math.floor(i / size) * width + (i % width);
    const scales = new Float32Array(width * groups);
    for (const [i, value] of values.entries()) {
      scales[column(i)] = Math.max(scales[column(i)]!, Math.abs(value) / 127);
    }
    return { codes: Int8Array.from(values, (value, i) => Math.round(value / scales[column(i)]!)), scales, bias };
  };
  const router = matrix(weights.routerWeight, weights.routerBias, experts, 1);
  const first = matrix(weights.w1, weights.b1, hidden, experts);
  const second = matrix(weights.w2, weights.b2, channels, experts);
  const values = ({ codes, scales }: IntegerMatrix, width: number, groups: number): Float32Array => {
    const size = codes.length / groups;
    return Float32Array.from(codes, (code, i) => code * scales[Math.floor(i / size) * width + (i % width)]!);
  };
  return {
    weights: { router, first, second, inputRange: 1 },
    exact: {
      ...weights,
      routerWeight: values(router, experts, 1),
      w1: values(first, hidden, experts),
      w2: values(second, channels, experts),
    },
  };
}
