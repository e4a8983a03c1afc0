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
