import { figures } from "../../generated/graph-ttt.figures.ts";
import type { GraphDefinition } from "../definition.ts";
import { gameDefinition } from "./definition.ts";
import { tttDefinition } from "./recipes.ts";

export const definition: GraphDefinition = gameDefinition(tttDefinition, {
  model: "ttt",
  task: "Plays tic-tac-toe on both sides by the learned value of each move, and never loses.",
  limits: [
    "It prefers moves that are safe against the best replies it has met; it sets no traps on purpose.",
    "Its graph is larger than its file: the file holds weights only, the wiring follows from the receptive fields.",
    "That it never loses shows nothing about larger games, where positions cannot all be met in training.",
  ],
  positions: Infinity,
  figures,
  weights: async () => (await import("../../generated/graph-ttt.weights.ts")).base64,
});
