import { add, cast, concat, expandDims, fromData, matmul, reshape, slice, take, transpose } from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";
import { attention } from "./parts/attention.ts";
import type { Weighting } from "./parts/attention.ts";
import { linear, mlp } from "./parts/mlp.ts";
import type { Activation, MlpWeights } from "./parts/mlp.ts";
import { rmsNorm } from "./parts/norm.ts";
import { alibi, rope } from "./parts/positions.ts";
import type { Rope } from "./parts/positions.ts";

/** What is added to the output of a part of a layer: its input, nothing, or chosen features of the input. */
export type Residual = "all" | "none" | readonly number[];

/** One layer, without its weights. */
export interface LayerPlan {
  /** Added to the mean square in the norms of this layer; without it, there are none. */
  readonly epsilon?: number;
  readonly attention: {
    readonly heads: number;
    /** Heads that share keys and values count once; as many as `heads`, or a divisor. */
    readonly groups: number;
    readonly weighting: Weighting;
    readonly scale: number;
    /** Rate at which each head's scores fall with the distance. */
    readonly slopes?: readonly number[];
    readonly rope?: Rope;
    /** Norm of queries and keys before they are turned. */
    readonly queryKeyEpsilon?: number;
    /** Which keys a query may see among those up to itself; all by default. */
    readonly sees?: (query: number, key: number) => boolean;
    readonly residual: Residual;
  };
  readonly mlp?: { readonly activation: Activation; readonly residual: Residual };
}

/** A decoder-only transformer, without its weights. */
export interface Plan {
  readonly vocabulary: number;
  readonly features: number;
  readonly layers: readonly LayerPlan[];
  /** Added to the mean square in the last norm; without it, there is none. */
  readonly epsilon?: number;
  /** Longest sequence. */
  readonly length: number;
}

/** Weights of one layer; norms without weights have none. */
export type LayerWeights = {
  readonly attentionNorm?: Tensor;
  /** `[features, heads * width]` */
  readonly query: Tensor;
  readonly queryBias?: Tensor;
  /** `[features, groups * width]` */
  readonly key: Tensor;
  readonly keyBias?: Tensor;
  /** `[features, groups * value width]` */
  readonly value: Tensor;
  readonly valueBias?: Tensor;
  /** `[heads * value width, features]` */
  readonly output: Tensor;
  readonly outputBias?: Tensor;
  readonly queryNorm?: Tensor;
  readonly keyNorm?: Tensor;
  readonly mlpNorm?: Tensor;
  readonly mlp?: MlpWeights;
};

/** Plain weights of a transformer, after everything that is tied, turned or thin was written out. */
export type Weights = {
  /** `[vocabulary, features]` */
  readonly embedding: Tensor;
  /** `[length, features]`; nothing when positions enter elsewhere or not at all. */
  readonly positions?: Tensor;
  readonly layers: readonly LayerWeights[];
  readonly norm?: Tensor;
  /** `[features, vocabulary]`; without it, the last features are the logits. */
  readonly head?: Tensor;
};

/** Keys and values of the tokens that were read, per layer: what decoding keeps. */
export interface Cache {
  readonly tokens: number;
  readonly layers: readonly { readonly keys: Tensor; readonly values: Tensor }[];
}

/** What reading some tokens gave. */
export interface Reading {
  /** `[batch, tokens, logits]` */
  readonly logits: Tensor;
  readonly cache: Cache;
  /** Attention of each layer, `[batch, heads, queries, keys]`. */
  readonly attention: readonly Tensor[];
  /** Residual stream before the first layer and after each, `[batch, tokens, features]`. */
  readonly states: readonly Tensor[];
}

/**
 * Reads tokens, after those in the cache.
 *
 * @param tokens int32 `[batch, tokens]`
 * @param cache of the tokens before; nothing at the start
 */
export function read(plan: Plan, weights: Weights, tokens: Tensor, cache?: Cache): Reading {
  const start = cache?.tokens ?? 0;
  const [, count] = tokens.shape as [number, number];
  let x = take(weights.embedding, tokens, 0);
  if (weights.positions !== undefined) x = add(x, slice(weights.positions, [[start, start + count]]));
  const [states, weightsSeen, kept] = [[x], [] as Tensor[], [] as Cache["layers"][number][]];
  for (const [index, layer] of plan.layers.entries()) {
    const result = runLayer(layer, weights.layers[index]!, x, start, cache?.layers[index]);
    x = result.x;
    states.push(x);
    weightsSeen.push(result.attention);
    kept.push(result.kept);
  }
  return {
    logits: logitsOf(plan, weights, x),
    cache: { tokens: start + count, layers: kept },
    attention: weightsSeen,
    states,
  };
}

/** Logits of the last states, `[..., features]` to `[..., logits]`. */
export function logitsOf({ epsilon }: Plan, { norm, head }: Weights, x: Tensor): Tensor {
  const normed = epsilon === undefined ? x : rmsNorm(x, norm, epsilon);
  return head === undefined ? normed : matmul(normed, head);
}

/** Queries, keys and values of one layer, `[batch, heads or groups, tokens, width]`. */
export function project(
  plan: LayerPlan,
  weights: LayerWeights,
  x: Tensor,
  start: number,
): { readonly queries: Tensor; readonly keys: Tensor; readonly values: Tensor } {
  const { heads, groups, rope: turning, queryKeyEpsilon } = plan.attention;
  const normed = plan.epsilon === undefined ? x : rmsNorm(x, weights.attentionNorm, plan.epsilon);
  const parts = (weight: Tensor, bias: Tensor | undefined, count: number): Tensor =>
    splitHeads(linear(normed, weight, bias), count);
  const place = (y: Tensor, norm: Tensor | undefined): Tensor => {
    const unit = queryKeyEpsilon === undefined ? y : rmsNorm(y, norm, queryKeyEpsilon);
    return turning === undefined ? unit : rope(unit, start, turning);
  };
  return {
    queries: place(parts(weights.query, weights.queryBias, heads), weights.queryNorm),
    keys: place(parts(weights.key, weights.keyBias, groups), weights.keyNorm),
    values: parts(weights.value, weights.valueBias, groups),
  };
}

/** The second half of a layer: its perceptron on `[..., features]`. */
export function runMlp(plan: LayerPlan, weights: LayerWeights, x: Tensor): Tensor {
  if (plan.mlp === undefined || weights.mlp === undefined) return x;
  const normed = plan.epsilon === undefined ? x : rmsNorm(x, weights.mlpNorm, plan.epsilon);
  return joinResidual(x, mlp(normed, weights.mlp, plan.mlp.activation), plan.mlp.residual);
}

/** What attention adds to: `x` or chosen features of it, or nothing. */
export function joinResidual(x: Tensor, output: Tensor, residual: Residual): Tensor {
  if (residual === "none") return output;
  if (residual === "all") return add(x, output);
  return add(take(x, fromData(Int32Array.from(residual), [residual.length]), -1), output);
}

/**
 * Bias of the scores: distances and hidden keys, float64 `[heads, queries, keys]` in rows.
 *
 * @param start position of the first query
 */
export function scoreBias(
  { attention: { heads, slopes, sees } }: LayerPlan,
  start: number,
  queries: number,
): Float64Array<ArrayBuffer> {
  const keys = start + queries;
  const bias = alibi(slopes ?? Array.from({ length: heads }, () => 0), { start, queries, keys });
  for (let at = 0; at < bias.length; at++) {
    const key = at % keys;
    const query = start + (Math.floor(at / keys) % queries);
    if (key > query || sees?.(query, key) === false) bias[at] = -Infinity;
    else if (slopes === undefined) bias[at] = 0;
  }
  return bias;
}

function runLayer(
  plan: LayerPlan,
  weights: LayerWeights,
  x: Tensor,
  start: number,
  before: Cache["layers"][number] | undefined,
): { readonly x: Tensor; readonly attention: Tensor; readonly kept: Cache["layers"][number] } {
  const { heads, weighting, scale, residual } = plan.attention;
  const [, count] = x.shape as [number, number];
  const { queries, keys: newKeys, values: newValues } = project(plan, weights, x, start);
  const keys = before === undefined ? newKeys : concat([before.keys, newKeys], 2);
  const values = before === undefined ? newValues : concat([before.values, newValues], 2);
  const bias = cast(fromData(scoreBias(plan, start, count), [heads, count, start + count]), x.dtype);
  const { output, weights: seen } = attention(queries, keys, values, { weighting, scale, bias });
  const projected = linear(mergeHeads(output), weights.output, weights.outputBias);
  return { x: runMlp(plan, weights, joinResidual(x, projected, residual)), attention: seen, kept: { keys, values } };
}

function splitHeads(x: Tensor, heads: number): Tensor {
  const [batch, tokens, features] = x.shape as [number, number, number];
  if (heads === 1) return expandDims(x, 1);
  return transpose(reshape(x, [batch, tokens, heads, features / heads]), [0, 2, 1, 3]);
}

function mergeHeads(x: Tensor): Tensor {
  const [batch, heads, tokens, width] = x.shape as [number, number, number, number];
  return reshape(heads === 1 ? x : transpose(x, [0, 2, 1, 3]), [batch, tokens, heads * width]);
}
