import { common, firstPhase } from "./recipe.ts";
import type { Recipe } from "./recipe.ts";

/**
 * Trains `gary` in one phase: 2,800 updates at a high rate, with damaged states and rare firing from the start.
 *
 * A quarter of the drawn problems starts anew, so that cells meet neighbours that have not fired yet; orders in which each
 * cell fires once, such as lowest-first, depend on it. Most problems are ordinary sums, so that the experts share their work
 * evenly. Half as many updates do as well on ordinary sums, but some seeds then miss carries through all places.
 */
export const garyRecipe: Recipe = {
  ...common,
  model: "gary",
  pool: { ...common.pool, reset: 0.25 },
  phases: [
    {
      ...firstPhase,
      updates: 2800,
      learningRate: 0.005,
      fireRate: [0.15, 0.9],
      damage: 0.05,
      carryShare: 0.25,
      shortShare: 0.1,
    },
  ],
};
