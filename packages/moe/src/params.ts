import { type Key, type Tensor, normal, split, zeros } from "@ganglion/tensor";

/** Parameters of a mixture: a linear router and one two-layer perceptron per expert. */
export type MoeParams = {
  /** `weight` `[inputs, experts]`, `bias` `[experts]`. */
  readonly router: { readonly weight: Tensor; readonly bias: Tensor };
  /** `w1` `[experts, inputs, hidden]`, `b1` `[experts, hidden]`, `w2` `[experts, hidden, outputs]`, `b2` `[experts, outputs]`. */
  readonly experts: ExpertParams;
};

/** The stacked perceptrons of all experts: `w1`, `b1`, `w2`, `b2`, each with a leading `experts` axis. */
export type ExpertParams = {
  readonly w1: Tensor;
  readonly b1: Tensor;
  readonly w2: Tensor;
  readonly b2: Tensor;
};

/** Lengths of a mixture's axes. */
export interface MoeSizes {
  readonly inputs: number;
  readonly outputs: number;
  readonly experts: number;
  readonly hidden: number;
}

/** Standard deviations of the weights at the start; biases start at 0. */
export interface MoeDeviations {
  /** Of the router's weights; small, so that every expert is tried. Default `0.1`. */
  readonly router?: number;
  /** Of the first layer's weights. Default `sqrt(2 / inputs)` (He et al. 2015, doi:10.1109/ICCV.2015.123). */
  readonly w1?: number;
  /** Of the second layer's weights. Default `sqrt(1 / hidden)`. */
  readonly w2?: number;
}

/** Draws float32 parameters: normal weights, zero biases. */
export function initParams(key: Key, sizes: MoeSizes, deviations: Required<MoeDeviations>): MoeParams {
  const { inputs, outputs, experts, hidden } = sizes;
  const [forRouter, forW1, forW2] = split(key, 3) as [Key, Key, Key];
  return {
    router: {
      weight: normal(forRouter, [inputs, experts], { deviation: deviations.router }),
      bias: zeros([experts]),
    },
    experts: {
      w1: normal(forW1, [experts, inputs, hidden], { deviation: deviations.w1 }),
      b1: zeros([experts, hidden]),
      w2: normal(forW2, [experts, hidden, outputs], { deviation: deviations.w2 }),
      b2: zeros([experts, outputs]),
    },
  };
}
