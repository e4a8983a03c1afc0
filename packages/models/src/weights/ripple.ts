import { ripple } from "../adder/ripple.ts";
import { figures } from "../generated/ripple.figures.ts";
import { rippleRecipe } from "../recipes/ripple.ts";
import { cardOf } from "./card.ts";
import type { Definition } from "./definition.ts";

export const definition: Definition = {
  adder: ripple,
  recipe: rippleRecipe,
  card: cardOf(
    ripple,
    rippleRecipe,
    {
      task: "Adds two numbers of any length.",
      limits: ["A carry needs one firing per cell: the time that an answer takes grows with its length."],
    },
    figures,
  ),
  weights: async (precision) =>
    precision === "int8"
      ? (await import("../generated/ripple.int8.ts")).base64
      : (await import("../generated/ripple.float32.ts")).base64,
};
