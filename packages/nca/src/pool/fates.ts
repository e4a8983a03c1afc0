import type { PoolRates } from "./config.ts";

/** What happens to the drawn problems: places among them, ascending; a place stands in one list at most. */
export interface Fates {
  readonly reset: Int32Array;
  readonly mutate: Int32Array;
  readonly damage: Int32Array;
}

/**
 * Deals fates out: too old or below `reset` starts anew, the next `mutate` of the unit interval changes its problem,
 * the next `damage` is damaged, the rest goes on.
 *
 * @param draws uniform in [0, 1), one per problem
 * @param ages steps of each problem
 */
export function deal(draws: ArrayLike<number>, ages: ArrayLike<number>, rates: Required<PoolRates>): Fates {
  const fates = { reset: [] as number[], mutate: [] as number[], damage: [] as number[] };
  for (let place = 0; place < draws.length; place++) {
    const draw = draws[place]!;
    if (ages[place]! > rates.maxAge || draw < rates.reset) fates.reset.push(place);
    else if (draw < rates.reset + rates.mutate) fates.mutate.push(place);
    else if (draw < rates.reset + rates.mutate + rates.damage) fates.damage.push(place);
  }
  return {
    reset: Int32Array.from(fates.reset),
    mutate: Int32Array.from(fates.mutate),
    damage: Int32Array.from(fates.damage),
  };
}
