import { damage, pool } from "@ganglion/nca";
import type { Pool, PoolState } from "@ganglion/nca";
import { compile, foldIn, split, uniform, valueAndGrad, zeros } from "@ganglion/tensor";
import type { Key, Tree } from "@ganglion/tensor";
import { adamW, applyUpdates, chain, clipByGlobalNorm, cosine, ema } from "@ganglion/train";
import type { Ema, EmaState, Optimiser } from "@ganglion/train";
import type { Adder, AdderParams } from "../adder/adder.ts";
import { mutateProblems, trainingProblems } from "../problems/mixture.ts";
import type { Problems } from "../problems/problems.ts";
import { lossOf } from "./loss.ts";
import { mine } from "./mine.ts";
import type { Phase, Recipe } from "./recipe.ts";
import { updatesOf } from "./recipe.ts";

/** Everything that a training remembers: a tree, to be kept in a checkpoint. */
export type TrainingState = {
  readonly params: AdderParams;
  readonly optimiser: Tree;
  /** Average of the parameters. */
  readonly average: EmaState;
  readonly pool: PoolState<Problems>;
};

/** Facts about one update, by name. */
export type TrainingMetrics = Readonly<Record<string, number>>;

/** A training as pure functions, for `fit`. */
export interface Trainer {
  /** Updates from start to end. */
  readonly updates: number;
  init(key: Key): TrainingState;
  /** One update; `step` counts from 0 and `key` belongs to it alone. */
  step(state: TrainingState, at: { step: number; key: Key }): { state: TrainingState; metrics: TrainingMetrics };
  /** The averaged parameters: those to evaluate and to ship. */
  weights(state: TrainingState): AdderParams;
}

/** What else a training does. */
export interface TrainerConfig {
  /** Every so many updates, search for problems that fail and put them into the pool. Default: never. */
  readonly mineEvery?: number;
  /** Parameters to start from. Default: drawn anew. */
  readonly start?: AdderParams;
}

/**
 * Turns a recipe into a training.
 *
 * Each update draws problems with the states they have reached, lets them run a few steps at a random firing rate, and
 * lowers the cross-entropy of the digits that all cells show after all of these steps.
 *
 * @see Mordvintsev et al. 2020, doi:10.23915/distill.00023 (the pool)
 */
export function trainer(recipe: Recipe, adder: Adder, { mineEvery, start: first }: TrainerConfig = {}): Trainer {
  const averaging = ema(recipe.average);
  const stages = recipe.phases.map((phase, index) => {
    const start = recipe.phases.slice(0, index).reduce((total, { updates }) => total + updates, 0);
    const optimiser = optimiserOf(recipe, phase);
    return { ...phase, start, pool: poolOf(recipe, phase, adder), optimiser, advance: advancing(optimiser, averaging) };
  });
  const weights = ({ average }: TrainingState): AdderParams => averaging.params(average) as AdderParams;
  return {
    updates: updatesOf(recipe),
    weights,
    init(key) {
      const [forParams, forPool] = split(key, 2) as [Key, Key];
      const params = first ?? adder.init(forParams);
      const [stage] = stages;
      return {
        params,
        optimiser: stage!.optimiser.init(params),
        average: averaging.init(params),
        pool: stage!.pool.init(forPool),
      };
    },
    step(given, { step, key }) {
      const stage = stages.findLast(({ start }) => start <= step)!;
      const { optimiser, advance, batch, unroll } = stage;
      const begins = stage.start === step && step > 0;
      const { pool: states, ...before } = begins ? restart(given, weights(given), optimiser) : given;
      const [forDraw, forRate, forFiring, forMine] = split(key, 4) as [Key, Key, Key, Key];
      const drawn = stage.pool.draw(states, forDraw, batch);
      const rate = fireRateOf(forRate, stage);
      const { value, grads, aux } = valueAndGrad(lossOf, { aux: true })(before.params, adder, drawn, {
        steps: unroll,
        rate,
        key: forFiring,
        levels: stage.levels,
      });
      const after = advance(grads, before);
      const committed = stage.pool.commit(drawn.pool, drawn.rows, aux.state, unroll);
      const digs = mineEvery !== undefined && (step + 1) % mineEvery === 0;
      const mined = digs
        ? mine({ adder, params: averaging.params(after.average) as AdderParams }, committed, forMine)
        : { pool: committed, found: 0 };
      return {
        state: { ...after, pool: mined.pool },
        metrics: {
          loss: value.item(),
          exact: aux.exact.item(),
          busiest: aux.busiest.item(),
          idlest: aux.idlest.item(),
          fireRate: rate,
          ...(digs ? { mined: mined.found } : {}),
        },
      };
    },
  };
}

/** What an update changes: all but the pool. */
type Updated = Omit<TrainingState, "pool">;

/** An update by an optimiser, averaging included, as one compiled step. */
function advancing(optimiser: Optimiser, averaging: Ema): (grads: AdderParams, before: Updated) => Updated {
  return compile((grads: AdderParams, before: Updated) => {
    const change = optimiser.update(grads, before.optimiser, before.params);
    const params = applyUpdates(before.params, change.updates);
    return { params, optimiser: change.state, average: averaging.update(before.average, params) };
  });
}

/** A new phase goes on from the averaged parameters, with an optimiser that remembers nothing. */
function restart(state: TrainingState, params: AdderParams, optimiser: Optimiser): TrainingState {
  return { ...state, params, optimiser: optimiser.init(params) };
}

function poolOf({ pool: { size, reset, mutate, maxAge } }: Recipe, phase: Phase, { config }: Adder): Pool<Problems> {
  const { cells, channels, operations } = config;
  const { carryShare, shortShare } = phase;
  const mixture = { cells, operations, carryShare, shortShare };
  return pool({
    size,
    create: (key, n) => trainingProblems(key, n, mixture),
    mutate: (key, problems) => mutateProblems(key, problems, mixture),
    startState: (n) => zeros([n, cells, channels]),
    damage: damage(),
    rates: { reset, mutate, damage: phase.damage, maxAge },
  });
}

function optimiserOf({ beta1, beta2, weightDecay, clip, warmup, floor }: Recipe, phase: Phase): Optimiser {
  const { learningRate: peak, updates } = phase;
  const rising = Math.min(warmup, Math.floor(updates / 2));
  const learningRate = cosine({ peak, steps: updates, warmup: rising, floor: floor * peak });
  return chain(clipByGlobalNorm(clip), adamW({ learningRate, beta1, beta2, weightDecay }));
}

/** Everybody at once in a share of the batches, otherwise a rate drawn between the two bounds. */
function fireRateOf(key: Key, { synchronous, fireRate: [low, high] }: Phase): number {
  if (uniform(foldIn(key, 0), []).item() < synchronous) return 1;
  return uniform(foldIn(key, 1), [], { min: low, max: high }).item();
}
