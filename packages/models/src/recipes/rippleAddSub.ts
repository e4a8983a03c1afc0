import { common, firstPhase, secondPhase } from "./recipe.ts";
import type { Recipe } from "./recipe.ts";

/** Trains `ripple-add-sub`: 4,000 updates, then 1,500 larger ones with damaged states and rare firing. */
export const rippleAddSubRecipe: Recipe = {
  ...common,
  model: "ripple-add-sub",
  phases: [
    { ...firstPhase, updates: 4000, unroll: 6 },
    { ...secondPhase, updates: 1500 },
  ],
};
