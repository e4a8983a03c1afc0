import { common, firstPhase } from "./recipe.ts";
import type { Recipe } from "./recipe.ts";

/** Trains `ripple`: 3,000 updates, then 1,200 larger ones with damaged states and rare firing. */
export const rippleRecipe: Recipe = {
  ...common,
  model: "ripple",
  phases: [
    { ...firstPhase, updates: 3000, unroll: 6 },
    {
      updates: 1200,
      batch: 256,
      unroll: 6,
      learningRate: 0.0015,
      fireRate: [0.15, 0.9],
      synchronous: 0.2,
      damage: 0.08,
    },
  ],
};
