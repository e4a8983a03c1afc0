import { add } from "@ganglion/tensor";
import type { Tree } from "@ganglion/tensor";
import { leafwise } from "./leaves.ts";

/** A learning rate for each update; the first update asks for step 1. */
export type Schedule = (step: number) => number;

/** Changes to parameters, in their structure, and what the optimiser remembers until the next update. */
export interface Update<Params extends Tree, State extends Tree> {
  readonly updates: Params;
  readonly state: State;
}

/**
 * An optimiser: two pure functions over trees. What it remembers is a tree too, so that a checkpoint can hold it.
 *
 * `chain` feeds the updates of one optimiser to the next as gradients.
 */
export interface Optimiser<State extends Tree = Tree> {
  /** State before the first update. */
  init(params: Tree): State;
  /** Updates to be added to `params`, and the next state; the arguments are left untouched. */
  update<Params extends Tree>(grads: Params, state: State, params: Params): Update<Params, State>;
}

/**
 * Parameters after an update: `params + updates`, leaf by leaf.
 *
 * @param params tree of float tensors
 * @param updates tree of the same structure
 * @throws ShapeError when structures or shapes differ
 */
export function applyUpdates<Params extends Tree>(params: Params, updates: Params): Params {
  const { next } = leafwise("applyUpdates", { params, updates }, ["next"], (leaf) => ({
    next: add(leaf.params, leaf.updates),
  }));
  return next as Params;
}

/** Learning rate of update number `step`. */
export function rateAt(learningRate: number | Schedule, step: number): number {
  return typeof learningRate === "number" ? learningRate : learningRate(step);
}
