import { ConfigError, foldIn } from "@ganglion/tensor";
import type { Key, Tree } from "@ganglion/tensor";
import { checkSetting } from "./check.ts";

/** Figures of one step by name, all finite. */
export type Metrics = Readonly<Record<string, number>>;

/** What a step is told besides the state. */
export interface StepContext {
  /** Number of the step, from 0. */
  readonly step: number;
  /** `foldIn(key, step)`: the same for this step in every run, resumed or not. */
  readonly key: Key;
}

/** What a step gives back. */
export interface StepResult<State extends Tree> {
  readonly state: State;
  readonly metrics: Metrics;
}

/** Told after each step. */
export interface StepEvent<State extends Tree> extends StepResult<State> {
  /** Steps done, from 1. */
  readonly step: number;
  /** Time since `fit` was called. */
  readonly seconds: number;
}

/** When and how the state is kept; `openRun` of `@ganglion/train/node` returns something whose `save` fits. */
export interface CheckpointConfig<State extends Tree> {
  /** Steps between two checkpoints, a whole number from 1; one more is saved when the loop stops. */
  readonly every: number;
  /** Keeps the state after `step` steps. */
  save(step: number, state: State): unknown;
}

/** Settings of `fit`. */
export interface FitConfig<State extends Tree> {
  /** State to start from: parameters, what the optimiser remembers, pools, everything that training changes. */
  readonly state: State;
  /** One step, a pure function; it may return a promise. */
  step(state: State, context: StepContext): StepResult<State> | Promise<StepResult<State>>;
  /** Steps of the whole training, a whole number from 0. */
  readonly steps: number;
  /** Randomness of the training: step t gets `foldIn(key, t)`. */
  readonly key: Key;
  /** Steps that `state` has behind it; 0 by default, the checkpoint's step after a resume. */
  readonly start?: number;
  /** Stops before the first step that would begin later than this; no limit by default. */
  readonly seconds?: number | undefined;
  /** Stops before the next step once aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Told after each step, before a checkpoint; the loop waits for a promise. */
  onStep?(event: StepEvent<NoInfer<State>>): unknown;
  readonly checkpoint?: CheckpointConfig<NoInfer<State>> | undefined;
}

/** Where training stands when `fit` returns. */
export interface FitResult<State extends Tree> {
  readonly state: State;
  /** Steps that `state` has behind it. */
  readonly step: number;
  readonly stopped: "finished" | "aborted" | "time";
}

/**
 * The training loop: calls `step` until all steps are done, the time is up or the signal is aborted.
 *
 * Nothing but the state passes from step to step, and a step's randomness depends on its number alone, so a run that is
 * stopped and resumed from its checkpoint ends with the same bits as one that was not. Timers and signals get their turn
 * about every 50 ms.
 *
 * @throws ConfigError when a setting is outside its range; DivergenceError when a metric is not finite
 */
export async function fit<State extends Tree>(config: FitConfig<State>): Promise<FitResult<State>> {
  const { steps, key, start = 0, seconds = Infinity, signal, checkpoint } = config;
  checkSetting("fit", "a whole number of steps from 0", steps, isWhole(steps));
  checkSetting("fit", "a whole number as start", start, isWhole(start));
  if (checkpoint !== undefined) {
    const { every } = checkpoint;
    checkSetting("fit", "checkpoint.every as a whole number from 1", every, isWhole(every) && every > 0);
  }
  if (Number.isNaN(seconds)) throw new ConfigError("fit", "expected seconds as a number, received NaN");

  const began = performance.now();
  let { state } = config;
  let step = start;
  let saved = start;
  let paused = began;
  const save = async (): Promise<void> => {
    await checkpoint?.save(step, state);
    saved = step;
  };
  const reasonToStop = (): FitResult<State>["stopped"] | undefined => {
    if (step >= steps) return "finished";
    if (signal?.aborted === true) return "aborted";
    return performance.now() - began >= seconds * 1000 ? "time" : undefined;
  };

  let stopped = reasonToStop();
  while (stopped === undefined) {
    const result = await config.step(state, { step, key: foldIn(key, step) });
    step += 1;
    checkMetrics(step, result.metrics);
    ({ state } = result);
    const now = performance.now();
    await config.onStep?.({ step, state, metrics: result.metrics, seconds: (now - began) / 1000 });
    if (checkpoint !== undefined && step % checkpoint.every === 0) await save();
    if (now - paused > 50) {
      await pause();
      paused = performance.now();
    }
    stopped = reasonToStop();
  }
  if (step !== saved) await save();
  return { state, step, stopped };
}

/** A metric that is not finite any more. */
export class DivergenceError extends Error {
  override readonly name = "DivergenceError";
  /** Steps done when it was noticed, from 1. */
  readonly step: number;
  readonly metric: string;
  readonly value: number;

  constructor(step: number, metric: string, value: number) {
    super(
      `fit: expected finite metrics, received ${metric} ${value} after step ${step}. ` +
        "Lower the learning rate or clip the gradients?",
    );
    this.step = step;
    this.metric = metric;
    this.value = value;
  }
}

function checkMetrics(step: number, metrics: Metrics): void {
  for (const [metric, value] of Object.entries(metrics)) {
    if (!Number.isFinite(value)) throw new DivergenceError(step, metric, value);
  }
}

const isWhole = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

/** Lets timers, signals and messages have their turn. */
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
