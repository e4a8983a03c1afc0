import {
  ConfigError,
  type Key,
  type Tensor,
  type Tree,
  add,
  permutation,
  slice,
  split,
  take,
  uniform,
  zeros,
} from "@ganglion/tensor";
import { checkShape } from "../check.ts";
import { type PoolConfig, checkedRates } from "./config.ts";
import { deal } from "./fates.ts";
import { changeRows, checkRows, putRows, takeRows } from "./rows.ts";

/** Everything a pool remembers: a tree, to be kept in a checkpoint like any other. */
export type PoolState<Problems extends Tree> = {
  /** One row per problem in every leaf. */
  readonly problems: Problems;
  /** `[size, cells, channels]`. */
  readonly states: Tensor;
  /** Steps since each problem was made or mutated, int32 `[size]`. */
  readonly ages: Tensor;
};

/** A batch out of a pool. */
export interface Draw<Problems extends Tree> {
  /** The pool with this draw's resets, mutations and damage in it. */
  readonly pool: PoolState<Problems>;
  /** Which problems were drawn, int32 `[n]`, distinct. */
  readonly rows: Tensor;
  /** Their problems, as they are now: every leaf `[n, ...]`. */
  readonly problems: Problems;
  /** Their states, as they are now, `[n, cells, channels]`. */
  readonly states: Tensor;
}

/** A pool of persistent states, as pure functions of its memory. */
export interface Pool<Problems extends Tree> {
  readonly size: number;
  /** Makes all problems, with start states and age 0. */
  init(key: Key): PoolState<Problems>;
  /**
   * Draws `n` distinct problems and resets, mutates or damages some of them.
   *
   * @throws ConfigError when `n` is not in [1, size]
   */
  draw(pool: PoolState<Problems>, key: Key, n: number): Draw<Problems>;
  /**
   * Puts the states of drawn problems back, `steps` older.
   *
   * @param states `[n, cells, channels]`
   * @throws ShapeError when there is not one state per row
   */
  commit(pool: PoolState<Problems>, rows: Tensor, states: Tensor, steps: number): PoolState<Problems>;
}

/**
 * Pool of problems whose states live on from batch to batch, so that a short roll-out trains long runs.
 *
 * @throws ConfigError when `size` or a rate is out of range, or a rate lacks its function
 * @see Mordvintsev et al. 2020, doi:10.23915/distill.00023, experiment 2. Deviation: what is reset is drawn, not the worst of the batch
 */
export function pool<Problems extends Tree>(config: PoolConfig<Problems>): Pool<Problems> {
  const rates = checkedRates(config);
  const { size, create, mutate, damage, startState } = config;
  /** Where the pools of draws came from: whoever commits all that was drawn needs no states of theirs. */
  const origins = new WeakMap<PoolState<Problems>, { readonly states: Tensor; readonly rows: Tensor }>();

  return {
    size,
    init: (key) => ({
      problems: checkRows("create", create(key, size), size),
      states: checkRows("startState", startState(size), size),
      ages: zeros([size], "int32"),
    }),

    draw: (from, key, n) => {
      checkDraw(n, size);
      const [forRows, forFates, forCreate, forMutate, forDamage] = split(key, 5) as [Key, Key, Key, Key, Key];
      const rows = slice(permutation(forRows, size), [[0, n]]);
      const drawn = takeRows(from, rows);
      const fates = deal(uniform(forFates, [n]).data, drawn.ages.data, rates);
      const restarted: PoolState<Problems> = changeRows(drawn, fates.reset, (_old, count) => ({
        problems: checkRows("create", create(forCreate, count), count),
        states: checkRows("startState", startState(count), count),
        ages: zeros([count], "int32"),
      }));
      const mutated = changeRows(restarted, fates.mutate, ({ problems, states }, count) => ({
        problems: checkRows("mutate", mutate!(forMutate, problems), count),
        states,
        ages: zeros([count], "int32"),
      }));
      const { problems, ages } = mutated;
      const states = changeRows(mutated.states, fates.damage, (hit) => damage!(forDamage, hit));
      const changed = putRows({ problems: from.problems, ages: from.ages }, rows, { problems, ages });
      let all: Tensor | undefined;
      const drawnFrom: PoolState<Problems> = {
        ...changed,
        get states() {
          all ??= putRows(from.states, rows, states);
          return all;
        },
      };
      origins.set(drawnFrom, { states: from.states, rows });
      return { pool: drawnFrom, rows, problems, states };
    },

    commit: (to, rows, states, steps) => {
      const origin = origins.get(to);
      const before = origin?.rows === rows ? origin.states : to.states;
      const shape = [rows.size, ...before.shape.slice(1)];
      checkShape("pool", "states", states, shape, "Commit the states of exactly the rows that were drawn?");
      return {
        problems: to.problems,
        states: putRows(before, rows, states),
        ages: putRows(to.ages, rows, add(take(to.ages, rows), steps)),
      };
    },
  };
}

function checkDraw(n: number, size: number): void {
  if (Number.isSafeInteger(n) && n >= 1 && n <= size) return;
  throw new ConfigError(
    "pool",
    `expected to draw between 1 and ${size} problems, received ${n}. Make the pool larger?`,
  );
}
