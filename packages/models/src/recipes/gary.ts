import { common, firstPhase, secondPhase } from "./recipe.ts";
import type { Recipe } from "./recipe.ts";

/**
 * Trains `gary`: 2,000 updates, then 1,200 larger ones with damaged states and rare firing, which end the last misses.
 *
 * Their problems are closer to ordinary sums, so that the experts share the work of ordinary sums evenly, too.
 */
export const garyRecipe: Recipe = {
  ...common,
  model: "gary",
  phases: [firstPhase, { ...secondPhase, carryShare: 0.15, shortShare: 0.05 }],
};
