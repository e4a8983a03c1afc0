import { count, share, whole } from "../../recipes/settings.ts";
import type { Setting } from "../../recipes/settings.ts";
import type { PlayRecipe, Stretch } from "./selfPlay.ts";

const inStretches =
  (name: "patterns" | "episodes" | "recruit" | "err") =>
  (recipe: PlayRecipe, value: number): PlayRecipe => ({
    ...recipe,
    stretches: recipe.stretches.map((stretch): Stretch => ({ ...stretch, [name]: value })),
  });

/** Settings of learning from play that can be changed by name; those of stretches change in all of them. */
export const playSettings: Readonly<Record<string, Setting<PlayRecipe>>> = {
  games: { ...count, change: (recipe, games) => ({ ...recipe, games }) },
  explore: { ...share, change: (recipe, explore) => ({ ...recipe, explore: [explore] }) },
  discount: { ...share, change: (recipe, discount) => ({ ...recipe, discount }) },
  patterns: { ...share, change: inStretches("patterns") },
  episodes: { ...share, change: inStretches("episodes") },
  recruit: { ...share, change: inStretches("recruit") },
  err: { ...share, change: inStretches("err") },
  seed: { ...whole, change: (recipe, seed) => ({ ...recipe, seed }) },
};
