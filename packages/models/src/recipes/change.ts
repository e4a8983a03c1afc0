import { ConfigError } from "@ganglion/tensor";
import { didYouMean } from "../digits/didYouMean.ts";
import { updatesOf } from "./recipe.ts";
import type { Phase, Recipe } from "./recipe.ts";

/** A setting that can be changed by name: its range, and what it changes. */
interface Setting {
  readonly expected: string;
  readonly fits: (value: number) => boolean;
  readonly change: (recipe: Recipe, value: number) => Recipe;
}

const count = { expected: "a whole number of at least 1", fits: (x: number) => Number.isInteger(x) && x >= 1 };
const whole = { expected: "a whole number of at least 0", fits: (x: number) => Number.isInteger(x) && x >= 0 };
const share = { expected: "a number from 0 to 1", fits: (x: number) => x >= 0 && x <= 1 };
const below1 = { expected: "a number from 0, below 1", fits: (x: number) => x >= 0 && x < 1 };
const positive = { expected: "a number above 0", fits: (x: number) => x > 0 && x < Number.POSITIVE_INFINITY };

const inPhases =
  (change: (value: number) => Partial<Phase>) =>
  (recipe: Recipe, value: number): Recipe => ({
    ...recipe,
    phases: recipe.phases.map((phase) => ({ ...phase, ...change(value) })),
  });
const inRecipe =
  (name: "weightDecay" | "clip" | "average" | "seed" | "warmup") =>
  (recipe: Recipe, value: number): Recipe => ({ ...recipe, [name]: value });

const settings: Readonly<Record<string, Setting>> = {
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
  return changes.reduce((changed, text) => {
    const [name, value] = split(text);
    const setting = settings[name];
    if (setting === undefined) {
      const names = Object.keys(settings);
      throw new ConfigError("set", `expected one of ${names.join(", ")}, received ${name}.${didYouMean(name, names)}`);
    }
    const parsed = value.trim() === "" ? Number.NaN : Number(value);
    if (!setting.fits(parsed))
      throw new ConfigError("set", `expected ${name} to be ${setting.expected}, received ${value}`);
    return setting.change(changed, parsed);
  }, recipe);
}

function split(text: string): readonly [string, string] {
  const at = text.indexOf("=");
  if (at < 1) throw new ConfigError("set", `expected name=value, received ${text}. Write lr=.002?`);
  return [text.slice(0, at), text.slice(at + 1)];
}
