import { arc, backward, geometric } from "@ganglion/adders";
import type { Plan, Tokeniser, TransformerAdder, Weights } from "@ganglion/adders";
import { normal, ones, pad, split, tensor, transpose } from "@ganglion/tensor";
import type { Key, Tensor } from "@ganglion/tensor";

/** An arc of digits, two attention matrices, a gated perceptron, and norms. */
export type Arc62Params = {
  /** Radius, start, step. */
  readonly arc: Tensor;
  /** `[3, 4]`; the way out is its transpose. */
  readonly query: Tensor;
  /** `[3, 4]`; keys are values. */
  readonly key: Tensor;
  readonly queryNorm: Tensor;
  readonly keyNorm: Tensor;
  readonly mlp: { readonly gate: Tensor; readonly up: Tensor; readonly down: Tensor };
  readonly norms: { readonly attention: Tensor; readonly mlp: Tensor; readonly last: Tensor };
};

/** One layer of three features with turned queries and keys of four. */
export const arc62Plan: Plan = {
  vocabulary: 10,
  features: 3,
  length: 35,
  epsilon: 1e-6,
  layers: [
    {
      epsilon: 1e-6,
      attention: {
        heads: 1,
        groups: 1,
        weighting: "softmax",
        scale: 0.5,
        rope: geometric(3, 4),
        queryKeyEpsilon: 1e-6,
        residual: "all",
      },
      mlp: { activation: "silu", residual: "all" },
    },
  ],
};

/** Random parameters: 62 of them. */
export function initialiseArc62(seed: Key): Arc62Params {
  const keys = split(seed, 5);
  const draw = (index: number, shape: readonly number[]): Tensor =>
    normal(keys[index]!, shape, { deviation: 0.6, dtype: "float64" });
  return {
    arc: tensor([2.5, -1.2, 0.29], "float64"),
    query: draw(0, [3, 4]),
    key: draw(1, [3, 4]),
    queryNorm: norm(4),
    keyNorm: norm(4),
    mlp: { gate: draw(2, [3, 2]), up: draw(3, [3, 2]), down: draw(4, [2, 3]) },
    norms: { attention: norm(3), mlp: norm(3), last: norm(3) },
  };
}

const norm = (features: number): Tensor => ones([features], "float64");

/** Writes out what is tied. */
export function arc62Weights({ arc: shape, query, key, queryNorm, keyNorm, mlp, norms }: Arc62Params): Weights {
  const embedding = pad(arc(shape, 10), [
    [0, 0],
    [0, 1],
  ]);
  return {
    embedding,
    layers: [
      {
        attentionNorm: norms.attention,
        query,
        key,
        value: key,
        output: transpose(query),
        queryNorm,
        keyNorm,
        mlpNorm: norms.mlp,
        mlp,
      },
    ],
    norm: norms.last,
    head: transpose(embedding),
  };
}

/** The adder, lowest digit first, with zeros around and between the operands. */
export function arc62(params: Arc62Params): TransformerAdder {
  return {
    name: "arc62",
    tokeniser: arc62Tokeniser,
    plan: arc62Plan,
    weights: arc62Weights(params),
    ledger: { claimed: 62, params, constants: [0.5, 1e-6, 3] },
  };
}

/** A zero, ten digits, two zeros, ten digits, a zero. */
export const arc62Tokeniser: Tokeniser = backward({ digits: 10, before: 1, between: 2, after: 1 });
