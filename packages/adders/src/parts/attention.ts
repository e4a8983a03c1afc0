import {
  add,
  div,
  exp,
  expandDims,
  full,
  max,
  matmul,
  maximum,
  mul,
  reshape,
  softmax,
  stopGradient,
  sub,
  sum,
  transpose,
} from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";

/** How scores become weights: shares of 1, or shares of 1 with a part for nothing at all. */
export type Weighting = "softmax" | "softmax1";

/** What attention needs beside queries, keys and values. */
export interface AttentionOptions {
  readonly weighting: Weighting;
  readonly scale: number;
  /** Added to the scores, broadcast to `[heads, queries, keys]`; -Infinity hides a key. */
  readonly bias: Tensor;
}

/** What attention gives. */
export interface Attended {
  /** `[batch, heads, queries, value features]` */
  readonly output: Tensor;
  /** `[batch, heads, queries, keys]` */
  readonly weights: Tensor;
}

/**
 * Attention of any kind: hidden keys, biased scores, shared keys and values.
 *
 * @param queries `[batch, heads, queries, features]`
 * @param keys `[batch, groups, keys, features]`; each group serves `heads / groups` heads, in order
 * @param values `[batch, groups, keys, value features]`
 * @see Vaswani et al. 2017, arXiv:1706.03762; Ainslie et al. 2023, arXiv:2305.13245 (groups)
 */
export function attention(queries: Tensor, keys: Tensor, values: Tensor, options: AttentionOptions): Attended {
  const [batch, heads, rows, features] = queries.shape as [number, number, number, number];
  const [, groups, columns, valueFeatures] = values.shape as [number, number, number, number];
  const { weighting, scale, bias } = options;
  const grouped = reshape(queries, [batch, groups, heads / groups, rows, features]);
  const products = matmul(grouped, transpose(expandDims(keys, 2)));
  const scores = add(mul(reshape(products, [batch, heads, rows, columns]), scale), bias);
  const weights = weighting === "softmax" ? softmax(scores) : softmax1(scores);
  const shared = reshape(weights, [batch, groups, heads / groups, rows, columns]);
  const output = matmul(shared, expandDims(values, 2));
  return { output: reshape(output, [batch, heads, rows, valueFeatures]), weights };
}

/**
 * e^x / (1 + sum of e^x) along the last axis, without overflow: a row may attend to nothing.
 *
 * @param x `[..., keys]`; -Infinity gives exactly 0
 * @see Miller 2023, "Attention is off by one"
 */
export function softmax1(x: Tensor): Tensor {
  const most = stopGradient(maximum(max(x, -1, true), 0));
  const powers = exp(sub(x, most));
  return div(powers, add(exp(sub(full([], 0, x.dtype), most)), sum(powers, -1, true)));
}
