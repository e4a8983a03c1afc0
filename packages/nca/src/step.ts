import { ShapeError, type Tensor, type Tree, add, fromData, reshape, scatter, take } from "@ganglion/tensor";
import { checkShape } from "./check.ts";
import type { Fused } from "./fused/fused.ts";
import { firedRows } from "./firing.ts";
import type { Lattice } from "./lattices/lattice.ts";
import { perceive } from "./perceive.ts";
import { type Rule, fullOutput } from "./rule.ts";
import type { Update } from "./updates/update.ts";

/** What a step needs besides parameters and state. */
export interface StepOptions {
  /** Added to the state wherever it is perceived, `[batch, cells, channels]`; never stored in it. */
  readonly inputs?: Tensor;
  /** Which cells fire, 1 or 0, `[batch * cells]`. */
  readonly fired: Uint8Array;
}

/** What a step returns. */
export interface StepResult {
  /** `[batch, cells, channels]`; cells that did not fire are as they were. */
  readonly state: Tensor;
  /** Cells that fired, int32 `[rows]`: places in the flat batch, ascending. */
  readonly rows: Tensor;
  /** The rule's losses; empty when no cell fired. */
  readonly losses: Readonly<Record<string, Tensor>>;
  /** The rule's facts about the fired cells, `[rows, ...]`; empty when no cell fired. */
  readonly info: Readonly<Record<string, Tensor>>;
}

/** The parts that a step is made of. */
export interface Parts<P extends Tree> {
  readonly lattice: Lattice;
  /** Channels of each cell. */
  readonly channels: number;
  readonly rule: Rule<P>;
  readonly update: Update;
  /** Runs the same steps in one kernel, where rule and update are of a kind that it knows. */
  readonly fused?: Fused<P> | undefined;
}

/**
 * Lets the fired cells perceive the state and its inputs, apply the rule and update themselves, all at once.
 *
 * Nothing is computed for cells that do not fire.
 */
export function step<P extends Tree>(parts: Parts<P>, params: P, state: Tensor, options: StepOptions): StepResult {
  const { inputs, fired } = options;
  checkStates("step", state, inputs, parts.lattice, parts.channels);
  checkMask(fired, state);
  const rows = firedRows(fired);
  const places = fromData(rows, [rows.length]);
  if (rows.length === 0) return { state, rows: places, losses: {}, info: {} };
  const fast = parts.fused?.step(params, state, options);
  if (fast !== undefined) return { ...fast, rows: places };
  return { ...computed(parts, params, state, options, rows), rows: places };
}

/** The step in tensor operations. */
function computed<P extends Tree>(
  { lattice, channels, rule, update }: Parts<P>,
  params: P,
  state: Tensor,
  { inputs, fired }: StepOptions,
  rows: Int32Array,
): Omit<StepResult, "rows"> {
  const places = fromData(rows, [rows.length]);
  const perception = perceive(lattice, inputs === undefined ? state : add(state, inputs), rows);
  const { output, losses, info } = fullOutput(rule.apply(params, perception));
  checkShape(
    "step",
    "the rule's output as",
    output,
    [rows.length, channels],
    "Let the rule return one row per perceived row?",
  );
  const flat = reshape(state, [fired.length, channels]);
  const next = scatter(flat, places, update.apply(take(flat, places), output));
  return { state: reshape(next, state.shape), losses, info };
}

/** Throws a ShapeError unless state and inputs fit the lattice. */
export function checkStates(
  operation: string,
  state: Tensor,
  inputs: Tensor | undefined,
  { cells }: Lattice,
  channels: number,
): void {
  checkShape(operation, "a state", state, ["batch", cells, channels], "Start from zeros of that shape?");
  if (inputs === undefined) return;
  checkShape(operation, "inputs", inputs, state.shape, "Give the inputs one row per cell of every state?");
}

function checkMask(fired: Uint8Array, state: Tensor): void {
  const cells = state.shape[0]! * state.shape[1]!;
  if (fired.length === cells) return;
  throw new ShapeError(
    "step",
    `expected a firing mask of ${cells} cells, received ${fired.length}. Ask the schedule for batch ${state.shape[0]} and cells ${state.shape[1]}?`,
    [state.shape],
  );
}
