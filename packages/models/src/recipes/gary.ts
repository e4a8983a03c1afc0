import { common, firstPhase, secondPhase } from "./recipe.ts";
import type { Recipe } from "./recipe.ts";

/** Trains `gary`: 2,000 updates, then 500 larger ones with damaged states and rare firing, which end the last misses. */
export const garyRecipe: Recipe = {
  ...common,
  model: "gary",
  phases: [firstPhase, { ...secondPhase, updates: 500 }],
};
