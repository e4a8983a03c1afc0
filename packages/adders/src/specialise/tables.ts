import { add, fromData, slice } from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";
import { linear } from "../parts/mlp.ts";
import { joinResidual, project, runMlp, scoreBias } from "../transformer.ts";
import type { LayerPlan, LayerWeights, Plan, Weights } from "../transformer.ts";
import { exp } from "@ganglion/kernels";

/** What every place knows before it is known which tokens stand elsewhere: one row per token. */
export interface Place {
  /** Tokens that may stand here. */
  readonly tokens: readonly number[];
  /** `[vocabulary, 1, features]`, rows of other tokens mean nothing */
  readonly x: Tensor;
}

/** Queries, keys and values of a layer by place and token. */
export interface Projected {
  /** `[vocabulary, heads, 1, width]` */
  readonly queries: Tensor;
  readonly keys: Tensor;
  readonly values: Tensor;
}

/** How much one place looks at another. */
interface Look {
  readonly key: number;
  /** Scores, `[vocabulary of the query, vocabulary of the key]`. */
  readonly scores: Float64Array;
}

/** Attention of one head at one place. */
export interface HeadLook {
  readonly looks: readonly Look[];
  /** Weight of each look, when no token changes it. */
  readonly weights: readonly number[] | undefined;
}

/** States before the first layer. */
export function firstPlaces(
  { vocabulary, features }: Plan,
  weights: Weights,
  template: readonly (readonly number[])[],
): Place[] {
  const embedding = fromData(Float64Array.from(weights.embedding.data), [vocabulary, 1, features]);
  return template.map((tokens, place) => ({
    tokens,
    x: weights.positions === undefined ? embedding : add(embedding, slice(weights.positions, [[place, place + 1]])),
  }));
}

/** Queries, keys and values everywhere. */
export function projectPlaces(layer: LayerPlan, weights: LayerWeights, places: readonly Place[]): Projected[] {
  return places.map(({ x }, place) => project(layer, weights, x, place));
}

/** Whom a head at one place sees, how its scores depend on tokens, and its weights when they do not. */
export function lookFrom(
  layer: LayerPlan,
  places: readonly Place[],
  projected: readonly Projected[],
  place: number,
  head: number,
): HeadLook {
  const { heads, groups, scale, weighting } = layer.attention;
  const group = Math.floor(head / (heads / groups));
  const bias = scoreBias(layer, place, 1).subarray(head * (place + 1), (head + 1) * (place + 1));
  const query = rowsOf(projected[place]!.queries, head);
  const looks: Look[] = [];
  for (let key = 0; key <= place; key++) {
    if (bias[key] === -Infinity) continue;
    const rows = rowsOf(projected[key]!.keys, group);
    const scores = new Float64Array(query.length * rows.length);
    for (const [q, left] of query.entries()) {
      for (const [k, right] of rows.entries()) {
        let sum = 0;
        for (let i = 0; i < left.length; i++) sum += left[i]! * right[i]!;
        scores[q * rows.length + k] = sum * scale + bias[key]!;
      }
    }
    looks.push({ key, scores });
  }
  const fixed = looks.map(({ key, scores }) => onlyScore(scores, places[place]!.tokens, places[key]!));
  const known = fixed.every((score) => score !== undefined);
  return { looks, weights: known ? weigh(fixed, weighting) : undefined };
}

/** The score, when it is the same for all tokens that may stand at both places. */
function onlyScore(scores: Float64Array, queries: readonly number[], { tokens, x }: Place): number | undefined {
  const vocabulary = x.shape[0]!;
  const values = queries.flatMap((q) => tokens.map((k) => scores[q * vocabulary + k]!));
  return values.every((value) => value === values[0]) ? values[0] : undefined;
}

/** Weights from scores, in the order of operations of the generic engine. */
function weigh(scores: readonly number[], weighting: "softmax" | "softmax1"): number[] {
  const most = Math.max(...scores, ...(weighting === "softmax1" ? [0] : []));
  const powers = scores.map((score) => exp(score - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  const total = weighting === "softmax1" ? exp(0 - most) + sum : sum;
  return powers.map((power) => power / total);
}

/** States after a layer that mixes in nothing but constants; nothing when a token elsewhere matters. */
export function nextPlaces(
  layer: LayerPlan,
  weights: LayerWeights,
  places: readonly Place[],
  projected: readonly Projected[],
): Place[] | undefined {
  const next: Place[] = [];
  for (const [place, { tokens, x }] of places.entries()) {
    const mixed: number[] = [];
    for (let head = 0; head < layer.attention.heads; head++) {
      const constant = constantOutput(layer, places, projected, place, head);
      if (constant === undefined) return undefined;
      mixed.push(...constant);
    }
    const output = linear(fromData(Float64Array.from(mixed), [1, 1, mixed.length]), weights.output, weights.outputBias);
    next.push({ tokens, x: runMlp(layer, weights, joinResidual(x, output, layer.attention.residual)) });
  }
  return next;
}

function constantOutput(
  layer: LayerPlan,
  places: readonly Place[],
  projected: readonly Projected[],
  place: number,
  head: number,
): number[] | undefined {
  const { looks, weights } = lookFrom(layer, places, projected, place, head);
  if (weights === undefined) return undefined;
  const group = Math.floor(head / (layer.attention.heads / layer.attention.groups));
  const width = projected[0]!.values.shape.at(-1)!;
  const sums = Array.from({ length: width }, () => 0);
  for (const [index, { key }] of looks.entries()) {
    const rows = rowsOf(projected[key]!.values, group);
    for (let c = 0; c < width; c++) {
      const products = places[key]!.tokens.map((token) => weights[index]! * rows[token]![c]!);
      if (products.some((product) => product !== products[0])) return undefined;
      sums[c]! += products[0]!;
    }
  }
  return sums;
}

/** Rows of one head of `[vocabulary, heads, 1, width]`. */
export function rowsOf({ data, shape }: Tensor, head: number): Float64Array[] {
  const [vocabulary, heads, , width] = shape as [number, number, number, number];
  const values = data as Float64Array;
  return Array.from({ length: vocabulary }, (_, token) =>
    values.subarray((token * heads + head) * width, (token * heads + head + 1) * width),
  );
}
