import { gary } from "../adder/gary.ts";
import { figures } from "../generated/gary.figures.ts";
import { garyRecipe } from "../recipes/gary.ts";
import { cardOf } from "./card.ts";
import type { Definition } from "./definition.ts";

export const definition: Definition = {
  adder: gary,
  recipe: garyRecipe,
  card: cardOf(
    gary,
    garyRecipe,
    {
      task: "Adds two numbers of up to 7 digits, on 8 cells that know where they stand.",
      limits: [
        "No operand of more than 7 digits.",
        "At 24 steps a carry through all cells is unfinished in one order of firing out of a hundred.",
      ],
    },
    figures,
  ),
  weights: async (precision) =>
    precision === "int8"
      ? (await import("../generated/gary.int8.ts")).base64
      : (await import("../generated/gary.float32.ts")).base64,
};
