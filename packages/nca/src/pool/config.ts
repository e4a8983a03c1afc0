import { ConfigError, type Key, type Tensor, type Tree } from "@ganglion/tensor";
import { checkCount, checkProbability } from "../check.ts";

/** What happens to a problem when it is drawn; the three shares add up to at most 1. */
export interface PoolRates {
  /** Share of draws that get a new problem and a start state, in [0, 1]. Default 0.15. */
  readonly reset?: number;
  /** Share of draws whose problem changes under a state that lives on, in [0, 1]. Default 0. */
  readonly mutate?: number;
  /** Share of draws whose state is damaged, in [0, 1]. Default 0. */
  readonly damage?: number;
  /** Steps after which a problem is reset when it is next drawn, at least 0. Default Infinity: never for its age. */
  readonly maxAge?: number;
}

/** Settings of a pool; `Problems` is a tree whose every leaf has one row per problem. */
export interface PoolConfig<Problems extends Tree> {
  /** Problems that are kept, at least 1. */
  readonly size: number;
  /** Makes `n` new problems: every leaf `[n, ...]`. */
  readonly create: (key: Key, n: number) => Problems;
  /** Changes the given problems, keeping their number; needed when `rates.mutate` is above 0. */
  readonly mutate?: (key: Key, problems: Problems) => Problems;
  /** States to begin with, `[n, cells, channels]`. */
  readonly startState: (n: number) => Tensor;
  /** Damages the given states, keeping their shape; needed when `rates.damage` is above 0. */
  readonly damage?: (key: Key, states: Tensor) => Tensor;
  readonly rates?: PoolRates;
}

/** Rates with their defaults filled in. */
export function checkedRates<Problems extends Tree>({
  size,
  mutate,
  damage,
  rates = {},
}: PoolConfig<Problems>): Required<PoolRates> {
  const full = { reset: 0.15, mutate: 0, damage: 0, maxAge: Infinity, ...rates };
  checkCount("pool", "size", size);
  for (const name of ["reset", "mutate", "damage"] as const) checkProbability("pool", `rates.${name}`, full[name]);
  if (full.reset + full.mutate + full.damage > 1) {
    const shares = `${full.reset} + ${full.mutate} + ${full.damage}`;
    throw new ConfigError(
      "pool",
      `expected reset, mutate and damage to add up to at most 1, received ${shares}. Lower one?`,
    );
  }
  if (!(full.maxAge >= 0)) {
    throw new ConfigError(
      "pool",
      `expected rates.maxAge of at least 0, received ${full.maxAge}. Use Infinity for no limit?`,
    );
  }
  checkGiven("mutate", full.mutate, mutate);
  checkGiven("damage", full.damage, damage);
  return full;
}

function checkGiven(name: string, rate: number, given: unknown): void {
  if (rate === 0 || given !== undefined) return;
  throw new ConfigError(
    "pool",
    `expected a ${name} function because rates.${name} is ${rate}, received none. Give ${name} or leave the rate out?`,
  );
}
