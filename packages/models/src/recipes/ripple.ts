import { common, firstPhase, secondPhase } from "./recipe.ts";
import type { Recipe } from "./recipe.ts";

/** Trains `ripple`: 3,000 updates, then 1,200 larger ones with damaged states and rare firing. */
export const rippleRecipe: Recipe = {
  ...common,
  model: "ripple",
  phases: [{ ...firstPhase, updates: 3000, unroll: 6 }, secondPhase],
};
