import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import * as kernels from "../src/index.ts";
import type { UnaryName } from "../src/index.ts";
import { bits, everyFloat32 } from "./support/samples.ts";
import { trials } from "./support/trials.ts";

type Scalar = (x: number) => number;
const roundHalfEven: Scalar = (x) => {
  const nearest = Math.round(x);
  return Math.abs(x) % 1 === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest;
};
const plain = {
  sqrt: Math.sqrt,
  neg: (x: number) => -x,
  abs: Math.abs,
  square: (x: number) => x * x,
  reciprocal: (x: number) => 1 / x,
  relu: (x: number) => (x < 0 ? 0 : x),
  sign: Math.sign,
  floor: Math.floor,
  round: roundHalfEven,
};
const scalars64: Record<UnaryName, Scalar> = {
  ...plain,
  exp: kernels.exp,
  log: kernels.log,
  tanh: kernels.tanh,
  sigmoid: kernels.sigmoid,
  sin: kernels.sin,
  cos: kernels.cos,
  erf: kernels.erf,
};
const scalars32: Record<UnaryName, Scalar> = {
  ...plain,
  exp: kernels.exp32,
  log: kernels.log32,
  tanh: kernels.tanh32,
  sigmoid: kernels.sigmoid32,
  sin: kernels.sin32,
  cos: kernels.cos32,
  erf: kernels.erf32,
};
const names = Object.keys(scalars64) as UnaryName[];

describe.each(names)("mapUnary %s", (name) => {
  test("equals the scalar function bit for bit over all of float32", () => {
    const x = everyFloat32(99991); // 42,954 numbers: several chunks and a tail
    const out = new Float32Array(x.length);
    kernels.mapUnary(name, x, out);
    expect(zeroless(name, out)).toEqual(zeroless(name, x.map(scalars32[name])));
  });

  test.prop([fc.float32Array({ maxLength: 40 })], trials(100))("equals the scalar function for every length", (x) => {
    const out = x.slice();
    kernels.mapUnary(name, out, out);
    expect(zeroless(name, out)).toEqual(zeroless(name, x.map(scalars32[name])));
  });

  test.prop([fc.float64Array({ maxLength: 20 })])("uses float64 functions for float64 arrays", (x) => {
    const out = new Float64Array(x.length);
    kernels.mapUnary(name, x, out);
    expect(zeroless(name, out)).toEqual(zeroless(name, x.map(scalars64[name])));
  });
});

test("mapUnary round goes to the even neighbour of a half and keeps the sign of zero", () => {
  const x = Float64Array.of(-2.5, -1.5, -0.5, -0.2, -0, 0, 0.5, 1.5, 2.5, 0.49999999999999994, 4503599627370497, NaN);
  const out = new Float64Array(x.length);
  kernels.mapUnary("round", x, out);
  expect([...out]).toEqual([-2, -2, -0, -0, -0, 0, 0, 2, 2, 0, 4503599627370497, NaN]);
});

test("mapUnary relu and sign keep NaN, relu turns -0 into 0", () => {
  const out = new Float32Array(3);
  kernels.mapUnary("relu", Float32Array.of(NaN, -0, -1), out);
  expect([...out]).toEqual([NaN, 0, 0]);
  kernels.mapUnary("sign", Float32Array.of(NaN, -0, -3), out);
  expect([...out]).toEqual([NaN, -0, -1]);
});

/** Bits; zeros of `round` and `relu`, whose sign the plain definitions above leave open, lose it. */
function zeroless(name: UnaryName, values: Float32Array | Float64Array): Uint32Array {
  return bits(name === "round" || name === "relu" ? values.map((x) => (x === 0 ? 0 : x)) : values);
}
