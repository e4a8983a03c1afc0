import { updatesOf } from "./recipe.ts";
import type { Phase, Recipe } from "./recipe.ts";
import { below1, changeSettings, count, positive, share, whole } from "./settings.ts";
import type { Setting } from "./settings.ts";

const inPhases =
  (change: (value: number) => Partial<Phase>) =>
  (recipe: Recipe, value: number): Recipe => ({
    ...recipe,
    phases: recipe.phases.map((phase) => ({ ...phase, ...change(value) })),
  });
const inRecipe =
  (name: "weightDecay" | "clip" | "average" | "seed" | "warmup") =>
  (recipe: Recipe, value: number): Recipe => ({ ...recipe, [name]: value });

const settings: Readonly<Record<string, Setting<Recipe>>> = {
  lr: { ...positive, change: inPhases((learningRate) => ({ learningRate })) },
  updates: {
    ...count,
    change: (recipe, total) => ({
      ...recipe,
      phases: recipe.phases.map((phase) => ({
        ...phase,
        updates: Math.max(1, Math.round((phase.updates * total) / updatesOf(recipe))),
      })),
    }),
  },
  batch: { ...count, change: inPhases((batch) => ({ batch })) },
  unroll: { ...count, change: inPhases((unroll) => ({ unroll })) },
  synchronous: { ...share, change: inPhases((synchronous) => ({ synchronous })) },
  damage: { ...share, change: inPhases((damage) => ({ damage })) },
  pool: { ...count, change: (recipe, size) => ({ ...recipe, pool: { ...recipe.pool, size } }) },
  warmup: { ...whole, change: inRecipe("warmup") },
  decay: { ...share, change: inRecipe("weightDecay") },
  clip: { ...positive, change: inRecipe("clip") },
  average: { ...below1, change: inRecipe("average") },
  seed: { ...whole, change: inRecipe("seed") },
};

/**
 * Changes settings of a recipe by name; those of phases change in all of them, and `updates` is shared out in proportion.
 *
 * @param changes texts such as `lr=.002` or `updates=500`
 * @throws ConfigError for an unknown name, or a value that does not fit
 */
export function changeRecipe(recipe: Recipe, changes: readonly string[]): Recipe {
  return changeSettings(recipe, settings, changes);
}
