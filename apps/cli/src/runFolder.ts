import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Recipe } from "@ganglion/models";
import { FailedRun } from "./errors.ts";

/** What decides a training; kept in config.json of its folder. */
export interface RunSettings {
  readonly recipe: Recipe;
  /** Whether failures are searched for and fed back. */
  readonly mine: boolean;
}

/** Reads the settings of a run. @throws FailedRun when there is no run in the folder */
export async function settingsOf(command: string, folder: string): Promise<RunSettings> {
  let text: string;
  try {
    text = await readFile(join(folder, "config.json"), "utf8");
  } catch {
    throw new FailedRun(`${command}: expected a training run in ${folder}, found none`);
  }
  try {
    const { recipe, mine } = JSON.parse(text) as RunSettings;
    if (typeof recipe.model === "string" && Array.isArray(recipe.phases)) return { recipe, mine };
  } catch {
    // not JSON, or no recipe in it: the same message
  }
  throw new FailedRun(
    `${command}: expected the recipe of a run in ${join(folder, "config.json")}, found something else`,
  );
}

/** The recipe of a run. */
export async function recipeOf(command: string, folder: string): Promise<Recipe> {
  return (await settingsOf(command, folder)).recipe;
}
