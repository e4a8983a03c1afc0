import { cos, log, randomBits, sin } from "@ganglion/kernels";
import { allocate } from "./dtype.ts";
import type { DType } from "./dtype.ts";
import { ConfigError, DTypeError } from "./errors.ts";
import type { Key } from "./key.ts";
import { checkShape, sizeOf } from "./shape.ts";
import type { Shape } from "./shape.ts";
import { broadcastTo } from "./operations/layout.ts";
import { untracked } from "./tape.ts";
import type { Tensor } from "./tensor.ts";

type FloatDType = Extract<DType, "float32" | "float64">;

/**
 * Uniform random numbers in [min, max); element `i` depends on the key and `i` alone.
 *
 * @throws ConfigError when `min` is not below `max`
 */
export function uniform(
  key: Key,
  shape: Shape,
  options: { readonly min?: number; readonly max?: number; readonly dtype?: FloatDType } = {},
): Tensor {
  const { min = 0, max = 1, dtype = "float32" } = options;
  if (!(min < max)) throw new ConfigError("uniform", `expected min below max, received ${min} and ${max}`);
  const out = empty("uniform", shape, dtype);
  const unit = dtype === "float32" ? unit24(key, out.length) : unit53(key, out.length);
  const below = largestBelow(max, dtype);
  for (let i = 0; i < out.length; i++) out[i] = Math.min(min + unit[i]! * (max - min), below);
  return untracked([...shape], dtype, out);
}

/**
 * Normal random numbers by the Box-Muller transform, computed in float64.
 *
 * @throws ConfigError when the deviation is negative
 * @see Box & Muller 1958, doi:10.1214/aoms/1177706645
 */
export function normal(
  key: Key,
  shape: Shape,
  options: { readonly mean?: number; readonly deviation?: number; readonly dtype?: FloatDType } = {},
): Tensor {
  const { mean = 0, deviation = 1, dtype = "float32" } = options;
  if (!(deviation >= 0)) throw new ConfigError("normal", `expected a deviation from 0, received ${deviation}`);
  const out = empty("normal", shape, dtype);
  const unit = unit53(key, out.length + (out.length % 2));
  for (let i = 0; i < out.length; i += 2) {
    const radius = deviation * Math.sqrt(-2 * log(1 - unit[i]!));
    const angle = 2 * Math.PI * unit[i + 1]!;
    out[i] = mean + radius * cos(angle);
    if (i + 1 < out.length) out[i + 1] = mean + radius * sin(angle);
  }
  return untracked([...shape], dtype, out);
}

/**
 * 1 with probability `p`, else 0, as uint8.
 *
 * @param p in [0, 1]; a tensor of probabilities broadcasts to `shape`
 * @throws ConfigError when a probability is outside [0, 1]
 */
export function bernoulli(key: Key, p: number | Tensor, shape: Shape): Tensor {
  const out = empty("bernoulli", shape, "uint8");
  const unit = unit53(key, out.length);
  const probabilities = typeof p === "number" ? undefined : broadcastTo(p, shape).data;
  for (let i = 0; i < out.length; i++) {
    const probability = probabilities === undefined ? (p as number) : probabilities[i]!;
    if (!(probability >= 0 && probability <= 1)) refuseProbability(probability);
    out[i] = unit[i]! < probability ? 1 : 0;
  }
  if (out.length === 0 && typeof p === "number" && !(p >= 0 && p <= 1)) refuseProbability(p);
  return untracked([...shape], "uint8", out);
}

/**
 * Whole random numbers in [min, max), int32.
 *
 * @throws ConfigError when the bounds are not int32 numbers with `min` below `max`
 */
export function randomInt(key: Key, shape: Shape, min: number, max: number): Tensor {
  const whole = Number.isInteger(min) && Number.isInteger(max) && min >= -(2 ** 31) && max <= 2 ** 31;
  if (!whole || min >= max) {
    throw new ConfigError(
      "randomInt",
      `expected whole numbers within int32 with min below max, received ${min} and ${max}`,
    );
  }
  const out = empty("randomInt", shape, "int32");
  const unit = unit53(key, out.length);
  for (let i = 0; i < out.length; i++) out[i] = min + Math.floor(unit[i]! * (max - min));
  return untracked([...shape], "int32", out);
}

/**
 * The numbers from 0 to `n - 1` in a random order, int32 `[n]`.
 *
 * @see Durstenfeld 1964, doi:10.1145/364520.364540
 */
export function permutation(key: Key, n: number): Tensor {
  const out = empty("permutation", [n], "int32");
  const unit = unit53(key, n);
  for (let i = 0; i < n; i++) out[i] = i;
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(unit[i]! * (i + 1));
    const held = out[i]!;
    out[i] = out[j]!;
    out[j] = held;
  }
  return untracked([n], "int32", out);
}

/** 24 random bits each, as a fraction of 1: what float32 holds exactly. */
function unit24({ low, high }: Key, length: number): Float64Array {
  const bits = new Uint32Array(length);
  randomBits(low, high, 0, bits);
  return Float64Array.from(bits, (word) => (word >>> 8) * 2 ** -24);
}

/** 53 random bits each, as a fraction of 1: what float64 holds exactly. */
function unit53({ low, high }: Key, length: number): Float64Array {
  const bits = new Uint32Array(2 * length);
  randomBits(low, high, 0, bits);
  const unit = new Float64Array(length);
  for (let i = 0; i < length; i++) unit[i] = ((bits[2 * i]! >>> 5) * 2 ** 26 + (bits[2 * i + 1]! >>> 6)) * 2 ** -53;
  return unit;
}

/** Largest number below `x`, because rounding must not reach the open end. */
function largestBelow(x: number, dtype: FloatDType): number {
  const one = dtype === "float32" ? new Float32Array([x]) : new Float64Array([x]);
  const step = dtype === "float32" ? 2 ** -24 : 2 ** -53;
  if (one[0]! < x) return one[0]!;
  const magnitude = Math.max(Math.abs(one[0]!), dtype === "float32" ? 2 ** -126 : 2 ** -1022);
  one[0] = one[0]! - magnitude * step;
  return one[0] < x ? one[0] : x - magnitude * 2 * step;
}

function empty(operation: string, shape: Shape, dtype: DType): Tensor["data"] {
  checkShape(operation, shape);
  if (operation !== "bernoulli" && dtype !== "int32" && dtype !== "float32" && dtype !== "float64") {
    throw new DTypeError(operation, `expected float32 or float64, received ${dtype}`);
  }
  return allocate(dtype, sizeOf(shape));
}

function refuseProbability(probability: number): never {
  throw new ConfigError("bernoulli", `expected probabilities from 0 to 1, received ${probability}`);
}
