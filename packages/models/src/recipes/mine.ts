import { bernoulli } from "@ganglion/nca";
import type { PoolState } from "@ganglion/nca";
import { fromData, permutation, scatter, slice, split, zeros } from "@ganglion/tensor";
import type { Key } from "@ganglion/tensor";
import { measure } from "../evaluate/measure.ts";
import { trainingProblems } from "../problems/mixture.ts";
import { selectProblems } from "../problems/problems.ts";
import type { Problems } from "../problems/problems.ts";
import type { Model } from "../solve/run.ts";

const TRIED = 512;
const STEPS = 24;

/**
 * Searches training problems for some that the model gets wrong although their carries had time to arrive, and puts them
 * into the pool in place of others, with a state to begin with.
 *
 * @returns the pool and how many failures were found
 */
export function mine(
  model: Model,
  pool: PoolState<Problems>,
  key: Key,
): { readonly pool: PoolState<Problems>; readonly found: number } {
  const [forProblems, forFiring, forPlaces] = split(key, 3) as [Key, Key, Key];
  const { cells, channels, operations } = model.adder.config;
  const config = { cells, operations, carryShare: 0.7, passOn: 0.8, shortShare: 0.1 };
  const tried = trainingProblems(forProblems, TRIED, config);
  const { right, settled } = measure(model, tried, { steps: STEPS, schedule: bernoulli(0.5), key: forFiring }).last;
  const size = pool.ages.size;
  const failed = Array.from(right.keys())
    .filter((row) => right[row] === 0 && settled[row] === 1)
    .slice(0, Math.trunc(size / 4));
  const found = failed.length;
  if (found === 0) return { pool, found };
  const places = slice(permutation(forPlaces, size), [[0, found]]);
  const { a, b, operation } = selectProblems(tried, failed);
  return {
    found,
    pool: {
      problems: {
        a: scatter(pool.problems.a, places, a),
        b: scatter(pool.problems.b, places, b),
        operation: scatter(pool.problems.operation, places, operation),
      },
      states: scatter(pool.states, places, zeros([found, cells, channels])),
      ages: scatter(pool.ages, places, fromData(new Int32Array(found), [found])),
    },
  };
}
