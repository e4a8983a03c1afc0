import { bitPairs } from "@ganglion/adders";
import type { Plan, TransformerAdder, Weights } from "@ganglion/adders";
import { split, transpose, uniform, zeros } from "@ganglion/tensor";
import type { Key, Tensor } from "@ganglion/tensor";

/** Parameters of the 46-parameter adder, all float64. */
export type Gpt46Params = {
  /** `[4, 2]`, also the head */
  readonly embedding: Tensor;
  /** `[2, 2]` each */
  readonly query: Tensor;
  readonly key: Tensor;
  readonly value: Tensor;
  readonly output: Tensor;
  readonly mlp: { readonly up: Tensor; readonly upBias: Tensor; readonly down: Tensor; readonly downBias: Tensor };
};

/** Random parameters to begin with. */
export function initialiseGpt46(seed: Key): Gpt46Params {
  const keys = split(seed, 7);
  const draw = (index: number, shape: readonly number[], bound: number): Tensor =>
    uniform(keys[index]!, shape, { min: -bound, max: bound, dtype: "float64" });
  return {
    embedding: draw(0, [4, 2], 1.5),
    query: draw(1, [2, 2], 0.7),
    key: draw(2, [2, 2], 0.7),
    value: draw(3, [2, 2], 0.7),
    output: draw(4, [2, 2], 0.7),
    mlp: {
      up: draw(5, [2, 4], 0.7),
      upBias: zeros([4], "float64"),
      down: draw(6, [4, 2], 0.5),
      downBias: zeros([2], "float64"),
    },
  };
}

/** Weights with the head tied to the embedding. */
export function gpt46Weights({ embedding, mlp, ...attention }: Gpt46Params): Weights {
  return { embedding, layers: [{ ...attention, mlp }], head: transpose(embedding) };
}

/**
 * The plan for numbers of so many bits: a state sees itself and the pair of bits that stands as many places before it.
 *
 * @param bits places of the prompt before the first state
 */
export function gpt46Plan(bits: number): Plan {
  return {
    vocabulary: 4,
    features: 2,
    length: 2 * bits + 1,
    layers: [
      {
        attention: {
          heads: 1,
          groups: 1,
          weighting: "softmax",
          scale: Math.SQRT1_2,
          sees: (query, key) => key === query || (query >= bits && key === query - bits),
          residual: "all",
        },
        mlp: { activation: "relu", residual: "all" },
      },
    ],
  };
}

/** The adder for operands of at most so many digits; its weights do not depend on it. */
export function gpt46(params: Gpt46Params, digits = 10): TransformerAdder {
  const tokeniser = bitPairs(digits);
  return {
    name: "gpt46",
    tokeniser,
    plan: gpt46Plan(tokeniser.answer),
    weights: gpt46Weights(params),
    ledger: { claimed: 46, params, constants: [Math.SQRT1_2] },
  };
}
