import { backward, lowRank, special } from "@ganglion/adders";
import type { Plan, Tokeniser, TransformerAdder, Weights } from "@ganglion/adders";
import { normal, ones, split, transpose } from "@ganglion/tensor";
import type { Key, Tensor } from "@ganglion/tensor";

/** Pairs of thin matrices, and what is not thin. */
export type LowRank311Params = {
  readonly embedding: Tensor;
  readonly positions: readonly [Tensor, Tensor];
  /** `[4, 3]`, shared by queries, keys and values */
  readonly shared: Tensor;
  readonly query: Tensor;
  /** Keys are values. */
  readonly keyValue: Tensor;
  readonly output: readonly [Tensor, Tensor];
  readonly up: readonly [Tensor, Tensor];
  readonly down: readonly [Tensor, Tensor];
  readonly norms: { readonly attention: Tensor; readonly mlp: Tensor; readonly last: Tensor };
};

const [FEATURES, RANK, HIDDEN, LENGTH, VOCABULARY] = [4, 3, 8, 33, 14];

/** One layer of four features with everything but embedding and norms of rank 3. */
export const lowRank311Plan: Plan = {
  vocabulary: VOCABULARY,
  features: FEATURES,
  length: LENGTH,
  epsilon: 1e-6,
  layers: [
    {
      epsilon: 1e-6,
      attention: { heads: 1, groups: 1, weighting: "softmax", scale: 0.5, residual: "all" },
      mlp: { activation: "geluTanh", residual: "all" },
    },
  ],
};

/** Random parameters: 311 of them. */
export function initialiseLowRank311(seed: Key): LowRank311Params {
  const keys = split(seed, 12);
  let next = 0;
  const draw = (...shape: number[]): Tensor => normal(keys[next++]!, shape, { deviation: 0.3, dtype: "float64" });
  return {
    embedding: draw(VOCABULARY, FEATURES),
    positions: [draw(LENGTH, RANK), draw(RANK, FEATURES)],
    shared: draw(FEATURES, RANK),
    query: draw(RANK, FEATURES),
    keyValue: draw(RANK, FEATURES),
    output: [draw(FEATURES, RANK), draw(RANK, FEATURES)],
    up: [draw(FEATURES, RANK), draw(RANK, HIDDEN)],
    down: [draw(HIDDEN, RANK), draw(RANK, FEATURES)],
    norms: { attention: norm(), mlp: norm(), last: norm() },
  };
}

const norm = (): Tensor => ones([FEATURES], "float64");

/** Multiplies the thin matrices out. */
export function lowRank311Weights(params: LowRank311Params): Weights {
  const { embedding, positions, shared, query, keyValue, output, up, down, norms } = params;
  const both = lowRank(shared, keyValue);
  return {
    embedding,
    positions: lowRank(...positions),
    layers: [
      {
        attentionNorm: norms.attention,
        query: lowRank(shared, query),
        key: both,
        value: both,
        output: lowRank(...output),
        mlpNorm: norms.mlp,
        mlp: { up: lowRank(...up), down: lowRank(...down) },
      },
    ],
    norm: norms.last,
    head: transpose(embedding),
  };
}

/** The adder, lowest digit first; of its fourteen tokens, the last two never occur. */
export function lowRank311(params: LowRank311Params): TransformerAdder {
  return {
    name: "lowrank311",
    tokeniser: lowRank311Tokeniser,
    plan: lowRank311Plan,
    weights: lowRank311Weights(params),
    ledger: { claimed: 311, params, constants: [0.5, 1e-6] },
  };
}

/** Ten digits, a plus, ten digits, an equals sign. */
export const lowRank311Tokeniser: Tokeniser = backward({
  digits: 10,
  before: 0,
  between: 1,
  after: 1,
  signs: { plus: special.start, equals: special.equals },
});
