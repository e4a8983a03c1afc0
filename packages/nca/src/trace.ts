import { type Tensor, type Tree, full, reshape, scatter } from "@ganglion/tensor";
import type { Nca } from "./nca.ts";
import { type RolloutOptions, checkRollout, walk } from "./rollout.ts";

/** What happened in one step. */
export interface Frame {
  /** Index of the step. */
  readonly step: number;
  /** State after the step `[batch, cells, channels]`. */
  readonly state: Tensor;
  /** Who fired, 1 or 0, `[batch * cells]`. */
  readonly fired: Uint8Array;
  /** The rule's facts, put back at their cells: `[batch, cells, ...]`, -1 where a cell did not fire; empty when none fired. */
  readonly info: Readonly<Record<string, Tensor>>;
}

/**
 * A roll-out told step by step: the same states as `model.rollout`, and who fired, and what the rule had to say.
 *
 * @param state `[batch, cells, channels]`
 * @throws ShapeError when state, inputs or the rule's output do not fit
 * @throws ConfigError when `steps`, `start` or `first` is not a count
 */
export function trace<P extends Tree>(
  model: Nca<P>,
  params: P,
  state: Tensor,
  options: Omit<RolloutOptions, "keep">,
): Frame[] {
  checkRollout("trace", model, state, options);
  const strides = walk(model, params, state, { ...options, schedule: options.schedule ?? model.schedule });
  return Array.from(strides, ({ step, state: next, fired, rows, info }) => ({
    step,
    state: next,
    fired,
    info: Object.fromEntries(Object.entries(info).map(([name, fact]) => [name, atCells(fact, rows, next)])),
  }));
}

/** Rows of facts at the places of their cells. */
function atCells(fact: Tensor, rows: Tensor, state: Tensor): Tensor {
  const [batch, cells] = state.shape as [number, number];
  const rest = fact.shape.slice(1);
  const empty = full([batch * cells, ...rest], -1, fact.dtype);
  return reshape(scatter(empty, rows, fact), [batch, cells, ...rest]);
}
