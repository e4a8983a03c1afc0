import { common, firstPhase } from "./recipe.ts";
import type { Recipe } from "./recipe.ts";

/** Trains `ripple-add-sub`: 4,000 updates, then 1,500 larger ones with damaged states and rare firing. */
export const rippleAddSubRecipe: Recipe = {
  ...common,
  model: "ripple-add-sub",
  phases: [
    { ...firstPhase, updates: 4000, unroll: 6 },
    {
      updates: 1500,
      batch: 256,
      unroll: 6,
      learningRate: 0.0015,
      fireRate: [0.15, 0.9],
      synchronous: 0.2,
      damage: 0.08,
    },
  ],
};
