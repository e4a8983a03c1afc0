import { rippleAddSub } from "../adder/rippleAddSub.ts";
import { figures } from "../generated/ripple-add-sub.figures.ts";
import { rippleAddSubRecipe } from "../recipes/rippleAddSub.ts";
import { cardOf } from "./card.ts";
import type { Definition } from "./definition.ts";

export const definition: Definition = {
  adder: rippleAddSub,
  recipe: rippleAddSubRecipe,
  card: cardOf(
    rippleAddSub,
    rippleAddSubRecipe,
    {
      task: "Adds and subtracts numbers of any length with one rule.",
      limits: ["A carry needs one firing per cell: the time that an answer takes grows with its length."],
    },
    figures,
  ),
  weights: async (precision) =>
    precision === "int8"
      ? (await import("../generated/ripple-add-sub.int8.ts")).base64
      : (await import("../generated/ripple-add-sub.float32.ts")).base64,
};
