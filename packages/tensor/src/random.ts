import { cos, log, randomBits, sin } from "@ganglion/kernels";
import { full } from "./create.ts";
import type { Data, DType } from "./dtype.ts";
import { ConfigError, DTypeError } from "./errors.ts";
import type { Key } from "./key.ts";
import { checkShape } from "./shape.ts";
import type { Shape } from "./shape.ts";
import { broadcastTo } from "./operations/layout.ts";
import { requireFloat } from "./operations/require.ts";
import { apply } from "./tape.ts";
import type { Primitive } from "./tape.ts";
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
  const below = largestBelow(max, dtype);
  const draw = dtype === "float32" ? unit24 : unit53;
  return random("uniform", key, shape, dtype, (out) => {
    const unit = draw(key, out.length);
    for (let i = 0; i < out.length; i++) out[i] = Math.min(min + unit[i]! * (max - min), below);
  });
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
  return random("normal", key, shape, dtype, (out) => {
    const unit = unit53(key, out.length + (out.length % 2));
    for (let i = 0; i < out.length; i += 2) {
      const radius = deviation * Math.sqrt(-2 * log(1 - unit[i]!));
      const angle = 2 * Math.PI * unit[i + 1]!;
      out[i] = mean + radius * cos(angle);
      if (i + 1 < out.length) out[i + 1] = mean + radius * sin(angle);
    }
  });
}

/**
 * 1 with probability `p`, else 0, as uint8.
 *
 * @param p in [0, 1]; a tensor of probabilities broadcasts to `shape`
 * @throws ConfigError when a probability is outside [0, 1]
 */
export function bernoulli(key: Key, p: number | Tensor, shape: Shape): Tensor {
  checkShape("bernoulli", shape);
  if (typeof p === "number") requireProbability(p);
  const probabilities = typeof p === "number" ? full([], p, "float64") : p;
  requireFloat("bernoulli", probabilities);
  return apply(flipping, [broadcastTo(probabilities, shape)], key);
}

function requireProbability(p: number): void {
  if (p >= 0 && p <= 1) return;
  throw new ConfigError("bernoulli", `expected probabilities from 0 to 1, received ${p}`);
}

const flipping: Primitive<Key> = {
  name: "bernoulli",
  bind: ([p], key) => ({
    shape: p!.shape,
    dtype: "uint8",
    key,
    run([probabilities], out) {
      const unit = unit53(key, out.length);
      for (let i = 0; i < out.length; i++) {
        requireProbability(probabilities![i]!);
        out[i] = unit[i]! < probabilities![i]! ? 1 : 0;
      }
    },
  }),
};

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
  return random("randomInt", key, shape, "int32", (out) => {
    const unit = unit53(key, out.length);
    for (let i = 0; i < out.length; i++) out[i] = min + Math.floor(unit[i]! * (max - min));
  });
}

/**
 * The numbers from 0 to `n - 1` in a random order, int32 `[n]`.
 *
 * @see Durstenfeld 1964, doi:10.1145/364520.364540
 */
export function permutation(key: Key, n: number): Tensor {
  return random("permutation", key, [n], "int32", (out) => {
    const unit = unit53(key, n);
    for (let i = 0; i < n; i++) out[i] = i;
    for (let i = n - 1; i > 0; i--) {
      const j = Math.floor(unit[i]! * (i + 1));
      const held = out[i]!;
      out[i] = out[j]!;
      out[j] = held;
    }
  });
}

/** 24 random bits each, as a fraction of 1: what float32 holds exactly. */
function unit24({ low, high }: Key, length: number): Float64Array {
  const bits = new Uint32Array(length);
  randomBits(low, high, 0, bits);
  const unit = new Float64Array(length);
  for (let i = 0; i < length; i++) unit[i] = (bits[i]! >>> 8) * 2 ** -24;
  return unit;
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

/** Draws a tensor: at once, or again with a new key each time a compiled step runs. */
function random(operation: string, key: Key, shape: Shape, dtype: DType, draw: (out: Data) => void): Tensor {
  checkShape(operation, shape);
  if (dtype !== "int32" && dtype !== "float32" && dtype !== "float64") {
    throw new DTypeError(operation, `expected float32 or float64, received ${dtype}`);
  }
  return apply(
    { name: operation, bind: () => ({ shape: [...shape], dtype, key, run: (_, out) => draw(out) }) },
    [],
    undefined,
  );
}
