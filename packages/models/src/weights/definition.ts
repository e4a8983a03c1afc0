import type { Adder } from "../adder/adder.ts";
import type { Recipe } from "../recipes/recipe.ts";
import type { Card } from "./card.ts";

/** What the registry knows of a model before its weights are read. */
export interface Definition {
  readonly adder: Adder;
  readonly recipe: Recipe;
  readonly card: Card;
  /** Weights in base64; empty when this build has none. */
  weights(this: void, precision: "int8" | "float32"): Promise<string>;
}
