import { sigmoid, tanh } from "@ganglion/kernels";
import { GELU_TANH } from "../parts/mlp.ts";

/** All numbers from `low` to `high`. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Share of the sizes involved by which every result is widened: a thousand times more than all roundings of the few dozen
 * operations that lead to it, so the interval holds what the engine computes as well as the true value.
 */
const SAFETY = 2 ** -40;

/** An interval, wider by a share of a size. */
function widen(low: number, high: number, size: number): Interval {
  const extra = SAFETY * size + Number.MIN_VALUE;
  return { low: low - extra, high: high + extra };
}

/** Largest absolute value. */
function sizeOf({ low, high }: Interval): number {
  return Math.max(Math.abs(low), Math.abs(high));
}

/** `offset + factor * x`. */
export function line(offset: number, factor: number, x: Interval): Interval {
  const [a, b] = [offset + factor * x.low, offset + factor * x.high];
  return widen(Math.min(a, b), Math.max(a, b), Math.abs(offset) + Math.abs(factor) * sizeOf(x));
}

/** The sum of `weights[i] * x[i]`, and an offset. */
export function weightedSum(x: readonly Interval[], weights: readonly number[], offset = 0): Interval {
  let [low, high, size] = [offset, offset, Math.abs(offset)];
  for (const [index, each] of x.entries()) {
    const weight = weights[index]!;
    low += weight * (weight >= 0 ? each.low : each.high);
    high += weight * (weight >= 0 ? each.high : each.low);
    size += Math.abs(weight) * sizeOf(each);
  }
  return widen(low, high, size);
}

/** Each number divided by the root mean square of all, times its weight. */
export function rmsNormOf(x: readonly Interval[], weights: readonly number[], epsilon: number): Interval[] {
  let [low, high] = [epsilon, epsilon];
  for (const each of x) {
    const crosses = each.low <= 0 && each.high >= 0;
    low += crosses ? 0 : Math.min(each.low ** 2, each.high ** 2) / x.length;
    high += sizeOf(each) ** 2 / x.length;
  }
  const root = widen(Math.sqrt(low), Math.sqrt(high), Math.sqrt(high));
  return x.map((each, index) => {
    const a = each.low / (each.low >= 0 ? root.high : root.low);
    const b = each.high / (each.high >= 0 ? root.low : root.high);
    const weight = weights[index]!;
    return widen(
      Math.min(weight * a, weight * b),
      Math.max(weight * a, weight * b),
      Math.abs(weight) * Math.max(Math.abs(a), Math.abs(b)),
    );
  });
}

/** `silu` of an interval: its sigmoid rises. */
export function siluOf(x: Interval): Interval {
  return product(x, {
    low: Math.max(0, widen(sigmoid(x.low), 1, 1).low),
    high: Math.min(1, widen(0, sigmoid(x.high), 1).high),
  });
}

/** The product of two intervals. */
export function product(x: Interval, y: Interval): Interval {
  const products = [x.low * y.low, x.low * y.high, x.high * y.low, x.high * y.high];
  return widen(Math.min(...products), Math.max(...products), sizeOf(x) * sizeOf(y));
}

const share = (x: number): number => (1 + tanh(GELU_TANH.scale * (x + GELU_TANH.cubic * x * x * x))) / 2;

/** `geluTanh` of an interval: its tanh rises, and so does what stands in it. */
export function geluTanhOf({ low, high }: Interval): Interval {
  const [a, b] = [widen(share(low), share(low), 1).low, widen(share(high), share(high), 1).high];
  const products = [low * a, low * b, high * a, high * b];
  return widen(Math.min(...products), Math.max(...products), Math.max(Math.abs(low), Math.abs(high)));
}
