import { type Key, type Tensor, type Tree, mapTree, mean, stack, stopGradient } from "@ganglion/tensor";
import { checkCount } from "./check.ts";
import type { Schedule } from "./schedules/schedule.ts";
import { type Parts, type StepResult, checkStates, step } from "./step.ts";

/** How a roll-out runs. */
export interface RolloutOptions {
  /** Number of steps, at least 0. */
  readonly steps: number;
  /** Randomness of the schedule. */
  readonly key: Key;
  /** Clamped inputs `[batch, cells, channels]`, perceived at every step. */
  readonly inputs?: Tensor;
  /** Who fires when. Default: the model's own schedule. */
  readonly schedule?: Schedule;
  /** Index of the first step, to go on where another roll-out ended. Default 0. */
  readonly start?: number;
  /** Index of the first state, when these are a part of a larger batch. Default 0. */
  readonly first?: number;
  /** Whether to return the state after every step. Default false. */
  readonly keep?: boolean;
  /**
   * Whether the states may stand in memory that the next roll-out of this automaton which lends them writes to: for a
   * training that has done with them by then. Default false: they stay.
   */
  readonly lend?: boolean;
  /** Whether to return the rule's losses. Default true. */
  readonly losses?: boolean;
}

/** What a roll-out returns. */
export interface Rollout {
  /** State after the last step `[batch, cells, channels]`. */
  readonly state: Tensor;
  /** The rule's losses, each the mean over the steps in which cells fired; empty when none ever did, or none are wanted. */
  readonly losses: Readonly<Record<string, Tensor>>;
  /** Cell updates that were computed, over all steps and states. */
  readonly fired: number;
}

/** What a roll-out with `keep: true` returns. */
export interface KeptRollout extends Rollout {
  /** State after each step, `[batch, cells, channels]` each. */
  readonly states: readonly Tensor[];
  /** What the rule had to say about the cells that fired, step by step; constants for a gradient. */
  readonly infos: readonly StepResult["info"][];
}

/** One step of a walk. */
export interface Stride extends StepResult {
  /** Index of the step. */
  readonly step: number;
  /** Who fired, `[batch * cells]`. */
  readonly fired: Uint8Array;
}

/** Takes the steps of a roll-out one by one. */
export function* walk<P extends Tree>(
  parts: Parts<P>,
  params: P,
  initial: Tensor,
  { steps, key, inputs, schedule, start = 0, first = 0 }: RolloutOptions & { readonly schedule: Schedule },
): Generator<Stride, void, undefined> {
  let state = initial;
  const [batch, cells] = state.shape as [number, number];
  for (let at = start; at < start + steps; at++) {
    const fired = schedule.fired({ step: at, batch, cells, key, first });
    const result = step(parts, params, state, { fired, ...(inputs && { inputs }) });
    state = result.state;
    yield { ...result, step: at, fired };
  }
}

/** Repeats `step`, asking the schedule each time who fires. */
export function rollout<P extends Tree>(
  parts: Parts<P>,
  params: P,
  initial: Tensor,
  options: RolloutOptions & { readonly schedule: Schedule },
): Rollout | KeptRollout {
  checkRollout("rollout", parts, initial, options);
  const { keep = false, losses: wanted = true } = options;
  const fast = parts.fused?.rollout(params, initial, { ...options, masks: masksOf(initial, options) });
  if (fast !== undefined) return fast;
  const states: Tensor[] = [];
  const infos: StepResult["info"][] = [];
  const losses: StepResult["losses"][] = [];
  let state = initial;
  let fired = 0;
  for (const stride of walk(parts, params, initial, options)) {
    state = stride.state;
    fired += stride.rows.size;
    if (wanted) losses.push(stride.losses);
    if (!keep) continue;
    states.push(state);
    infos.push(mapTree(stopGradient, stride.info));
  }
  return { state, losses: means(losses), fired, ...(keep && { states, infos }) };
}

/** Who fires in each step. */
export function masksOf(
  { shape }: Tensor,
  { steps, key, schedule, start = 0, first = 0 }: RolloutOptions & { readonly schedule: Schedule },
): Uint8Array[] {
  const [batch, cells] = shape as [number, number];
  return Array.from({ length: steps }, (_, step) => schedule.fired({ step: start + step, batch, cells, key, first }));
}

/** Throws unless counts and shapes of a roll-out fit. */
export function checkRollout<P extends Tree>(
  operation: string,
  { lattice, channels }: Parts<P>,
  state: Tensor,
  { steps, start = 0, first = 0, inputs }: RolloutOptions,
): void {
  for (const [name, count] of Object.entries({ steps, start, first })) checkCount(operation, name, count, 0);
  checkStates(operation, state, inputs, lattice, channels);
}

/** Mean of each named scalar over the steps that have it. */
function means(steps: readonly Readonly<Record<string, Tensor>>[]): Record<string, Tensor> {
  const names = new Set(steps.flatMap((losses) => Object.keys(losses)));
  const meanOf = (name: string): Tensor => mean(stack(steps.flatMap((losses) => losses[name] ?? [])));
  return Object.fromEntries([...names].map((name) => [name, meanOf(name)]));
}
