import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { adam, adamReference, reserve } from "../src/index.ts";
import type { AdamFactors } from "../src/index.ts";

const PLACE = 4096;
const region = reserve(7 * PLACE);
const factors: fc.Arbitrary<AdamFactors> = fc.record({
  keep1: fc.double({ min: 0, max: 1, noNaN: true }),
  take1: fc.double({ min: 0, max: 1, noNaN: true }),
  keep2: fc.double({ min: 0, max: 1, noNaN: true }),
  take2: fc.double({ min: 0, max: 1, noNaN: true }),
  scale: fc.double({ min: -1, max: 0, noNaN: true }),
  rootScale: fc.double({ min: 1, max: 40, noNaN: true }),
  epsilon: fc.constantFrom(1e-8, 1e-4),
  shrink: fc.double({ min: 0, max: 0.1, noNaN: true }),
});
const element = fc.oneof(fc.float({ noNaN: true, min: -1e6, max: 1e6 }), fc.constantFrom(0, -0, 1e-42, -1e-42));
const operands = fc.integer({ min: 0, max: 37 }).chain((n) => {
  const values = fc.array(element, { minLength: n, maxLength: n }).map((list) => Float32Array.from(list));
  return fc.record({ params: values, grads: values, mean: values, square: values.map((list) => list.map(Math.abs)) });
});

/** Float32 values in the kernels' own memory. */
function here(values: ArrayLike<number>, place: number): Float32Array {
  const view = new Float32Array(region.buffer as ArrayBuffer, region.start + place * PLACE, values.length);
  view.set(values);
  return view;
}

describe("adam", () => {
  test.prop([operands, factors], { numRuns: 10_000 })("has the bits of the reference", (inputs, numbers) => {
    const n = inputs.params.length;
    const plain = new Float32Array(3 * n);
    adamReference(inputs, numbers, plain);
    const copied = new Float32Array(3 * n);
    adam(inputs, numbers, copied);
    const fast = here(new Float32Array(3 * n + 1).fill(7), 4);
    const [params, grads, mean, square] = [inputs.params, inputs.grads, inputs.mean, inputs.square].map(here);
    adam({ params: params!, grads: grads!, mean: mean!, square: square! }, numbers, fast.subarray(0, 3 * n));
    expect(new Uint32Array(copied.buffer)).toEqual(new Uint32Array(plain.buffer));
    expect([...fast]).toEqual([...plain, 7]);
  });

  test("takes operands longer than a chunk", () => {
    const n = 16384 + 5;
    const ramp = (slope: number): Float32Array => Float32Array.from({ length: n }, (_, i) => slope * (i + 1));
    const inputs = { params: ramp(0.1), grads: ramp(-0.01), mean: ramp(0.02), square: ramp(0.3) };
    const numbers = {
      keep1: 0.9,
      take1: 0.1,
      keep2: 0.99,
      take2: 0.01,
      scale: -0.1,
      rootScale: 2,
      epsilon: 1e-8,
      shrink: 0.01,
    };
    const [plain, fast] = [new Float32Array(3 * n), new Float32Array(3 * n)];
    adamReference(inputs, numbers, plain);
    adam(inputs, numbers, fast);
    expect(fast).toEqual(plain);
  });

  test("computes float64 operands in float64", () => {
    const one = (value: number): Float64Array => Float64Array.of(value);
    const out = new Float64Array(3);
    const inputs = { params: one(2), grads: one(0.1), mean: one(0), square: one(0) };
    adam(
      inputs,
      { keep1: 0.9, take1: 0.1, keep2: 0.999, take2: 0.001, scale: -1, rootScale: 1, epsilon: 1, shrink: 0.5 },
      out,
    );
    const square = 0.001 * (0.1 * 0.1);
    expect([...out]).toEqual([-(0.1 * 0.1) / (Math.sqrt(square) + 1) - 1, 0.1 * 0.1, square]);
  });
});
