import { ConfigError, type Key, type Tensor, type Tree } from "@ganglion/tensor";
import { checkCount, checkProbability } from "./check.ts";
import { fuse } from "./fused/fuse.ts";
import type { Lattice } from "./lattices/lattice.ts";
import { type KeptRollout, type Rollout, type RolloutOptions, rollout } from "./rollout.ts";
import type { Rule } from "./rule.ts";
import { bernoulli } from "./schedules/bernoulli.ts";
import type { Schedule } from "./schedules/schedule.ts";
import { type Parts, type StepOptions, type StepResult, step } from "./step.ts";
import { overwrite } from "./updates/overwrite.ts";
import type { Update } from "./updates/update.ts";

/** Settings of a cellular automaton. */
export interface NcaConfig<P extends Tree> {
  /** Which cells a cell sees. */
  readonly lattice: Lattice;
  /** Channels of each cell, at least 1. */
  readonly channels: number;
  /** What a cell does with what it sees, `[rows, neighbourhood * channels]` to `[rows, channels]`. */
  readonly rule: Rule<P>;
  /** How a cell takes the rule's output over. Default `overwrite()`. */
  readonly update?: Update;
  /** Who fires when. Default `bernoulli(fireRate)`. */
  readonly schedule?: Schedule;
  /** Probability with which each cell fires at each step, in [0, 1]; short for a Bernoulli schedule. Default 0.5. */
  readonly fireRate?: number;
  /** Whether steps may run in one kernel where rule, update and dtype allow it; false keeps to tensor operations. Default true. */
  readonly fused?: boolean;
}

/** A cellular automaton: pure functions of its parameters and a state `[batch, cells, channels]`. */
export interface Nca<P extends Tree> extends Parts<P> {
  readonly schedule: Schedule;
  /** Draws the rule's parameters. */
  init(key: Key): P;
  /**
   * One step of the cells that fire.
   *
   * @param state `[batch, cells, channels]`
   * @throws ShapeError when state, inputs, mask or the rule's output do not fit
   */
  step(params: P, state: Tensor, options: StepOptions): StepResult;
  /**
   * Many steps under a schedule.
   *
   * @param state `[batch, cells, channels]`
   * @throws ShapeError when state, inputs or the rule's output do not fit
   * @throws ConfigError when `steps`, `start` or `first` is not a count
   */
  rollout(params: P, state: Tensor, options: RolloutOptions & { readonly keep: true }): KeptRollout;
  rollout(params: P, state: Tensor, options: RolloutOptions): Rollout;
}

/**
 * Neural cellular automaton: cells on a lattice which all run the same rule on what they see.
 *
 * @throws ConfigError when `channels` is not a count, `fireRate` is not in [0, 1], or both `schedule` and `fireRate` are given
 * @see Mordvintsev et al. 2020, doi:10.23915/distill.00023
 */
export function nca<P extends Tree>({
  lattice,
  channels,
  rule,
  update = overwrite(),
  schedule,
  fireRate,
  fused = true,
}: NcaConfig<P>): Nca<P> {
  checkCount("nca", "channels", channels);
  if (schedule !== undefined && fireRate !== undefined) {
    throw new ConfigError(
      "nca",
      `expected either schedule or fireRate, received ${schedule.name} and ${fireRate}. Leave fireRate out?`,
    );
  }
  if (fireRate !== undefined) checkProbability("nca", "fireRate", fireRate);
  const own = schedule ?? bernoulli(fireRate ?? 0.5);
  const plain: Parts<P> = { lattice, channels, rule, update };
  const parts: Parts<P> = fused ? { ...plain, fused: fuse(plain) } : plain;
  return {
    ...parts,
    schedule: own,
    init: (key) => rule.init(key),
    step: (params, state, options) => step(parts, params, state, options),
    rollout: (params: P, state: Tensor, options: RolloutOptions) =>
      rollout(parts, params, state, { ...options, schedule: options.schedule ?? own }) as KeptRollout,
  };
}
