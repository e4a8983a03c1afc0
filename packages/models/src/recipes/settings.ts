import { ConfigError } from "@ganglion/tensor";
import { didYouMean } from "../digits/didYouMean.ts";

/** A setting that can be changed by name: its range, and what it changes. */
export interface Setting<Recipe> {
  readonly expected: string;
  readonly fits: (value: number) => boolean;
  readonly change: (recipe: Recipe, value: number) => Recipe;
}

/** What a setting may be. */
interface Range {
  readonly expected: string;
  readonly fits: (x: number) => boolean;
}

// ranges of settings
export const count: Range = { expected: "a whole number of at least 1", fits: (x) => Number.isInteger(x) && x >= 1 };
export const whole: Range = { expected: "a whole number of at least 0", fits: (x) => Number.isInteger(x) && x >= 0 };
export const share: Range = { expected: "a number from 0 to 1", fits: (x) => x >= 0 && x <= 1 };
export const below1: Range = { expected: "a number from 0, below 1", fits: (x) => x >= 0 && x < 1 };
export const positive: Range = { expected: "a number above 0", fits: (x) => x > 0 && x < Number.POSITIVE_INFINITY };

/**
 * Changes settings of a recipe by name.
 *
 * @param changes texts such as `lr=.002` or `updates=500`
 * @throws ConfigError for an unknown name, or a value that does not fit
 */
export function changeSettings<Recipe>(
  recipe: Recipe,
  settings: Readonly<Record<string, Setting<Recipe>>>,
  changes: readonly string[],
): Recipe {
  return changes.reduce((changed, text) => {
    const [name, value] = split(text, settings);
    const setting = Object.hasOwn(settings, name) ? settings[name] : undefined;
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

function split(text: string, settings: object): readonly [string, string] {
  const at = text.indexOf("=");
  const [example] = Object.keys(settings);
  if (at < 1) {
    const repair = example === "lr" ? "lr=.002" : `${example}=1`;
    throw new ConfigError("set", `expected name=value, received ${text}. Write ${repair}?`);
  }
  return [text.slice(0, at), text.slice(at + 1)];
}
