import { figures } from "../../generated/graph-connect4.figures.ts";
import type { GraphDefinition } from "../definition.ts";
import { gameDefinition } from "./definition.ts";
import { connect4Definition } from "./recipes.ts";

export const definition: GraphDefinition = gameDefinition(connect4Definition, {
  model: "connect4",
  task: "Plays connect-four on five columns of four by the learned value of each move.",
  limits: [
    "It can be beaten: some lines of replies that it met too rarely still lose.",
    "The share of right moves is measured on the first 5,000 positions of a walk through all, mostly late in the game.",
    "Most of its file are episode neurons: what it knows beyond the patterns is remembered, not understood.",
  ],
  positions: 5000,
  figures,
  weights: async () => (await import("../../generated/graph-connect4.weights.ts")).base64,
});
