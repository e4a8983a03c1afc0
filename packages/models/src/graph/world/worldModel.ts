import { loadGraph, saveGraph } from "@ganglion/neurons";
import { figures } from "../../generated/graph-world.figures.ts";
import { withFigures } from "../card.ts";
import { changeSettings, count, share, whole } from "../../recipes/settings.ts";
import type { Setting } from "../../recipes/settings.ts";
import type { GraphDefinition } from "../definition.ts";
import { evaluateWorld } from "./evaluate.ts";
import { watch, worldRecipe } from "./world.ts";
import type { WorldRecipe } from "./world.ts";

const settings: Readonly<Record<string, Setting<WorldRecipe>>> = {
  games: { ...count, change: (recipe, games) => ({ ...recipe, games }) },
  rate: { ...share, change: (recipe, rate) => ({ ...recipe, rate }) },
  seed: { ...whole, change: (recipe, seed) => ({ ...recipe, seed }) },
};

export const definition: GraphDefinition = {
  card: withFigures(
    {
      model: "world",
      task: "Imagines the tic-tac-toe board after a move, finding out from the stones whose turn it is.",
      learns: "The delta rule in two layers, each from what it could see itself: who moved, and what the board became.",
      data: `${worldRecipe.games.toLocaleString("en")} games of random moves.`,
      seed: worldRecipe.seed,
      command: "ganglion graph world train",
      limits: [
        "It is told which cell is moved to, and only legal moves: what happens on a full cell it has never seen.",
        "The next board is a simple function of board, move and side; that it is learned wholly shows no more than that.",
      ],
    },
    figures,
  ),
  weights: async () => (await import("../../generated/graph-world.weights.ts")).base64,
  *train(changes = []) {
    const recipe = changeSettings(worldRecipe, settings, changes);
    const learning = watch(recipe);
    for (;;) {
      const { done, value } = learning.next();
      if (done === true) return saveGraph(value);
      const text = `${value.games} games  imagined right beforehand ${(100 * value.right).toFixed(1)} %`;
      yield { done: value.games / recipe.games, text };
    }
  },
  *evaluate(file) {
    yield* evaluateWorld(loadGraph(file));
    yield { name: "file", value: file.length, unit: "bytes", beside: "64 a neuron, 16 a synapse" };
  },
  graph: loadGraph,
};
