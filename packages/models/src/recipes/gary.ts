import { common, firstPhase } from "./recipe.ts";
import type { Recipe } from "./recipe.ts";

/** Trains `gary` in 2,000 updates. */
export const garyRecipe: Recipe = { ...common, model: "gary", phases: [firstPhase] };
