import { add, gelu, matmul, mul, relu, silu, tanh } from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";

/** Functions between the two layers of a perceptron. */
export type Activation = "relu" | "gelu" | "geluTanh" | "silu";

/** Weights of a perceptron; with `gate`, hidden units are `activation(gate) * up`, as in ReGLU and SwiGLU. */
export type MlpWeights = {
  /** `[features, hidden]` */
  readonly up: Tensor;
  readonly upBias?: Tensor;
  /** `[features, hidden]` */
  readonly gate?: Tensor;
  readonly gateBias?: Tensor;
  /** `[hidden, outputs]` */
  readonly down: Tensor;
  readonly downBias?: Tensor;
};

/**
 * A perceptron with one hidden layer, gated or not.
 *
 * @param x `[..., features]`
 * @returns `[..., outputs]`
 * @see Shazeer 2020, arXiv:2002.05202 (gated kinds)
 */
export function mlp(x: Tensor, weights: MlpWeights, activation: Activation): Tensor {
  const { up, upBias, gate, gateBias, down, downBias } = weights;
  const f = activations[activation];
  const raised = linear(x, up, upBias);
  const hidden = gate === undefined ? f(raised) : mul(f(linear(x, gate, gateBias)), raised);
  return linear(hidden, down, downBias);
}

/** `x w`, or `x w + b`. */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const product = matmul(x, weight);
  return bias === undefined ? product : add(product, bias);
}

/** What each activation computes. */
export const activations: Readonly<Record<Activation, (x: Tensor) => Tensor>> = { relu, gelu, geluTanh, silu };

/** Factor and cubic term of `geluTanh`. */
export const GELU_TANH = { scale: 0.7978845608028654, cubic: 0.044715 } as const;

/**
 * The smooth rectifier by its tanh formula, `x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))`.
 *
 * @see Hendrycks & Gimpel 2016, arXiv:1606.08415
 */
export function geluTanh(x: Tensor): Tensor {
  const cube = mul(mul(mul(x, GELU_TANH.cubic), x), x);
  return mul(mul(x, 0.5), add(tanh(mul(add(x, cube), GELU_TANH.scale)), 1));
}
