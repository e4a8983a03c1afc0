import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import {
  cos,
  cos32,
  erf,
  erf32,
  exp,
  exp32,
  log,
  log32,
  sigmoid,
  sigmoid32,
  sin,
  sin32,
  tanh,
  tanh32,
} from "../src/index.ts";
import { everyFloat32 } from "./support/samples.ts";

const twins = [
  { name: "exp32", twin: exp32, original: exp, bound: 1 },
  { name: "log32", twin: log32, original: log, bound: 1 },
  { name: "tanh32", twin: tanh32, original: tanh, bound: 1.5 },
  { name: "sigmoid32", twin: sigmoid32, original: sigmoid, bound: 2.5 },
  { name: "sin32", twin: sin32, original: sin, bound: 2 },
  { name: "cos32", twin: cos32, original: cos, bound: 2 },
  { name: "erf32", twin: erf32, original: erf, bound: 1.5 },
] as const;

const arguments32 = everyFloat32(40009); // 107,350 numbers

describe.each(twins)("$name", ({ twin, original, bound }) => {
  test(`errs by at most ${bound} ulp over all of float32`, () => {
    let worst = 0;
    const wrong: number[] = [];
    for (const x of arguments32) {
      const exact = original(x);
      const y = twin(x);
      const limit = Number.isNaN(exact) || Math.abs(Math.fround(exact)) === Infinity;
      if (limit && !Object.is(y, Math.fround(exact))) wrong.push(x);
      if (!limit) worst = Math.max(worst, Math.abs(y - exact) / ulp32(exact));
    }
    expect(wrong).toEqual([]);
    expect(worst).toBeLessThanOrEqual(bound);
  });

  test("gives float32 numbers, and at zeros and infinities the value of its original", () => {
    expect(arguments32.filter((x) => !Object.is(twin(x), Math.fround(twin(x))))).toEqual(new Float32Array());
    for (const x of [0, -0, Infinity, -Infinity, NaN]) expect(twin(x)).toBe(original(x));
  });
});

test.prop([fc.float({ noNaN: true, noDefaultInfinity: true })])("odd twins change sign with their argument", (x) => {
  for (const f of [tanh32, sin32, erf32]) expect(f(-x)).toBe(-f(x));
});

test("exp32 reaches the subnormals and both limits", () => {
  expect(exp32(-103.97207641601563)).toBe(2 ** -149);
  expect(exp32(-103.97209167480469)).toBe(0);
  expect(exp32(-87.5)).toBeCloseTo(9.97e-39, 40);
  expect(exp32(88.72283172607422)).toBeLessThan(Infinity);
  expect(exp32(88.72284698486328)).toBe(Infinity);
});

function ulp32(value: number): number {
  const exponent = Math.floor(Math.log2(Math.abs(value)));
  return 2 ** (Math.max(exponent, -126) - 23);
}
