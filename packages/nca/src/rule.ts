import { type Key, Tensor, type Tree } from "@ganglion/tensor";

/** What one cell does with what it perceives: a pair of pure functions, applied to all fired cells at once. */
export interface Rule<P extends Tree> {
  /** Draws parameters. */
  init(key: Key): P;
  /**
   * Computes each row from its perception alone.
   *
   * @param perception `[rows, neighbourhood * channels]`, at least one row
   * @returns `[rows, channels]`, alone or with losses and info
   */
  apply(params: P, perception: Tensor): Tensor | RuleOutput;
  /** What `apply` computes, for kernels that know rules of its kind; absent where there is none. */
  readonly fused?: FusedRule<P> | undefined;
}

/** A rule as numbers, of a kind that kernels know. */
export type FusedRule<P extends Tree> = FusedMixture<P> | FusedPerceptron<P>;

/** A mixture of experts as numbers: a linear router, a softmax over its `topK` best, and two-layer perceptrons with ReLU. */
export interface FusedMixture<P extends Tree> {
  readonly kind: "mixture";
  readonly inputs: number;
  readonly outputs: number;
  readonly hidden: number;
  readonly experts: number;
  readonly topK: number;
  /** Weights of the losses `balance` and `z`. */
  readonly losses: { readonly balance: number; readonly z: number };
  /** The tensors in `params`. */
  weights(params: P): FusedWeights;
  /** The inverse of `weights`. */
  params(weights: FusedWeights): P;
}

/** Weights of a mixture of experts. */
export interface FusedWeights {
  /** `[inputs, experts]`. */
  readonly routerWeight: Tensor;
  /** `[experts]`. */
  readonly routerBias: Tensor;
  /** `[experts, inputs, hidden]`. */
  readonly w1: Tensor;
  /** `[experts, hidden]`. */
  readonly b1: Tensor;
  /** `[experts, hidden, outputs]`. */
  readonly w2: Tensor;
  /** `[experts, outputs]`. */
  readonly b2: Tensor;
}

/** One perceptron with a hidden layer as numbers. */
export interface FusedPerceptron<P extends Tree> {
  readonly kind: "perceptron";
  readonly inputs: number;
  readonly outputs: number;
  readonly hidden: number;
  /** Of the hidden neurons. */
  readonly activation: "relu" | "tanh";
  /** The tensors in `params`. */
  weights(params: P): PerceptronWeights;
  /** The inverse of `weights`. */
  params(weights: PerceptronWeights): P;
}

/** Weights of a perceptron. */
export interface PerceptronWeights {
  /** `[inputs, hidden]`. */
  readonly w1: Tensor;
  /** `[hidden]`. */
  readonly b1: Tensor;
  /** `[hidden, outputs]`. */
  readonly w2: Tensor;
  /** `[outputs]`. */
  readonly b2: Tensor;
}

/** A rule's output with what else there is to say about it. */
export interface RuleOutput {
  /** `[rows, channels]`. */
  readonly output: Tensor;
  /** Scalars to be added to a training loss. */
  readonly losses?: Readonly<Record<string, Tensor>>;
  /** Facts about each row, `[rows, ...]`, which a trace shows. */
  readonly info?: Readonly<Record<string, Tensor>>;
}

/** The full form of what a rule returned. */
export function fullOutput(returned: Tensor | RuleOutput): Required<RuleOutput> {
  if (returned instanceof Tensor) return { output: returned, losses: {}, info: {} };
  return { losses: {}, info: {}, ...returned };
}
