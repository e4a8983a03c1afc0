import type { Tensor, Tree } from "@ganglion/tensor";
import type { KeptRollout, Rollout, RolloutOptions } from "../rollout.ts";
import type { StepOptions, StepResult } from "../step.ts";

/** The steps of an automaton in one kernel; undefined where tensors are not of a kind that it takes. */
export interface Fused<P extends Tree> {
  /** One step in which cells fire, while no gradient is being taken. */
  step(params: P, state: Tensor, options: StepOptions): Omit<StepResult, "rows"> | undefined;
  /** Many steps, inside a gradient too. */
  rollout(params: P, initial: Tensor, options: FusedRolloutOptions): Rollout | KeptRollout | undefined;
}

/** A roll-out for which it is known who fires. */
export type FusedRolloutOptions = Pick<RolloutOptions, "inputs" | "keep" | "lend" | "losses"> & {
  /** `[batch * cells]` for each step. */
  readonly masks: readonly Uint8Array[];
};
