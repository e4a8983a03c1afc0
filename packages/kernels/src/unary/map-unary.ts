import { erf } from "../math64/erf.ts";
import { exp, log, sigmoid, tanh } from "../math64/exponential.ts";
import { cos32, erf32, exp32, log32, sigmoid32, sin32, tanh32 } from "../math32.ts";
import { simd } from "../copies.ts";
import { kernelsAt } from "../reserve.ts";
import type { Simd } from "../simd.ts";
import { cos, sin } from "../math64/trigonometric.ts";
import { hasSimdTwin, mapSimd, worksHere } from "./map-simd.ts";
import type { SimdHereName } from "./map-simd.ts";

/** Names that `mapUnary` knows. */
export type UnaryName =
  | "exp"
  | "log"
  | "tanh"
  | "sigmoid"
  | "sin"
  | "cos"
  | "erf"
  | "sqrt"
  | "neg"
  | "abs"
  | "square"
  | "reciprocal"
  | "relu"
  | "sign"
  | "floor"
  | "round";

type Loops<Values> = Readonly<Record<UnaryName, (x: Values, out: Values) => void>>;

/**
 * Applies one function to every element; float32 arrays use the float32 twins.
 *
 * @param name `round` goes to the nearest integer, halves to the even one; `relu` and `sign` keep NaN
 * @param x values, left untouched unless `out` is the same array
 * @param out as long as `x`, of the same type
 */
export function mapUnary<Values extends Float32Array | Float64Array>(name: UnaryName, x: Values, out: Values): void {
  if (isFloat32(x) && isFloat32(out)) map32(name, x, out);
  else loops64[name](x as Float64Array, out as Float64Array);
}

/** A shorter array is done before SIMD code has it. */
const SIMD_FROM = 8;

function map32(name: UnaryName, x: Float32Array, out: Float32Array): void {
  if (x.length >= SIMD_FROM) {
    const resident = worksHere(name) ? kernelsAt(x, x, out) : undefined;
    if (resident !== undefined && worksHere(name)) return mapHere(resident, name, x, out);
    const copying = hasSimdTwin(name) ? simd() : undefined;
    if (copying !== undefined && hasSimdTwin(name)) return mapSimd(copying, name, x, out);
  }
  loops32[name](x, out);
}

/** Whole groups of four in SIMD where they lie, the rest by the plain loop. */
function mapHere(kernels: Simd, name: SimdHereName, x: Float32Array, out: Float32Array): void {
  const whole = x.length & ~3;
  kernels[name](x.byteOffset, out.byteOffset, whole * 4);
  if (whole < x.length) loops32[name](x.subarray(whole), out.subarray(whole));
}

function isFloat32(values: Float32Array | Float64Array): values is Float32Array {
  return values instanceof Float32Array;
}

// One loop per function and type, written out: a shared loop that takes the function as an argument is not inlined.
const loops32: Loops<Float32Array> = {
  exp(x, out) {
    for (let i = 0; i < out.length; i++) out[i] = exp32(x[i]!);
  },
  log(x, out) {
    for (let i = 0; i < out.length; i++) out[i] = log32(x[i]!);
  },
  tanh(x, out) {
    for (let i = 0; i < out.length; i++) out[i] = tanh32(x[i]!);
  },
  sigmoid(x, out) {
    for (let i = 0; i < out.length; i++) out[i] = sigmoid32(x[i]!);
  },
  sin(x, out) {
    for (let i = 0; i < out.length; i++) out[i] = sin32(x[i]!);
  },
  cos(x, out) {
    for (let i = 0; i < out.length; i++) out[i] = cos32(x[i]!);
  },
  erf(x, out) {
    for (let i = 0; i < out.length; i++) out[i] = erf32(x[i]!);
  },
  sqrt(x, out) {
    for (let i = 0; i < out.length; i++) out[i] = Math.fround(Math.sqrt(x[i]!));
  },
  neg(x, out) {
    for (let i = 0; i < out.length; i++) out[i] = -x[i]!;
  },
  abs(x, out) {
    for (let i = 0; i < out.length; i++) out[i] = Math.abs(x[i]!);
  },
  square(x, out) {
    for (let i = 0; i < out.length; i++) out[i] = Math.fround(x[i]! * x[i]!);
  },
  reciprocal(x, out) {
    for (let i = 0; i < out.length; i++) out[i] = Math.fround(1 / x[i]!);
  },
  relu(x, out) {
    for (let i = 0; i < out.length; i++) out[i] = Math.max(x[i]!, 0);
  },
  sign(x, out) {
    for (let i = 0; i < out.length; i++) out[i] = Math.sign(x[i]!);
  },
  floor(x, out) {
    for (let i = 0; i < out.length; i++) out[i] = Math.floor(x[i]!);
  },
  round(x, out) {
    for (let i = 0; i < out.length; i++) out[i] = roundHalfEven(x[i]!);
  },
};

const loops64: Loops<Float64Array> = {
  exp(x, out) {
    for (let i = 0; i < out.length; i++) out[i] = exp(x[i]!);
  },
  log(x, out) {
    for (let i = 0; i < out.length; i++) out[i] = log(x[i]!);
  },
  tanh(x, out) {
    for (let i = 0; i < out.length; i++) out[i] = tanh(x[i]!);
  },
  sigmoid(x, out) {
    for (let i = 0; i < out.length; i++) out[i] = sigmoid(x[i]!);
  },
  sin(x, out) {
    for (let i = 0; i < out.length; i++) out[i] = sin(x[i]!);
  },
  cos(x, out) {
    for (let i = 0; i < out.length; i++) out[i] = cos(x[i]!);
  },
  erf(x, out) {
    for (let i = 0; i < out.length; i++) out[i] = erf(x[i]!);
  },
  sqrt(x, out) {
    for (let i = 0; i < out.length; i++) out[i] = Math.sqrt(x[i]!);
  },
  neg(x, out) {
    for (let i = 0; i < out.length; i++) out[i] = -x[i]!;
  },
  abs(x, out) {
    for (let i = 0; i < out.length; i++) out[i] = Math.abs(x[i]!);
  },
  square(x, out) {
    for (let i = 0; i < out.length; i++) out[i] = x[i]! * x[i]!;
  },
  reciprocal(x, out) {
    for (let i = 0; i < out.length; i++) out[i] = 1 / x[i]!;
  },
  relu(x, out) {
    for (let i = 0; i < out.length; i++) out[i] = Math.max(x[i]!, 0);
  },
  sign(x, out) {
    for (let i = 0; i < out.length; i++) out[i] = Math.sign(x[i]!);
  },
  floor(x, out) {
    for (let i = 0; i < out.length; i++) out[i] = Math.floor(x[i]!);
  },
  round(x, out) {
    for (let i = 0; i < out.length; i++) out[i] = roundHalfEven(x[i]!);
  },
};

function roundHalfEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest < 0.5) return below;
  // Math.ceil keeps the sign of zero: -0.5 rounds to -0
  if (rest > 0.5) return Math.ceil(x);
  return rest === 0.5 ? (below % 2 === 0 ? below : Math.ceil(x)) : x;
}
