import { changeSettings } from "../../recipes/settings.ts";
import { withFigures } from "../card.ts";
import type { GraphCard } from "../card.ts";
import type { GraphDefinition } from "../definition.ts";
import { decodePlayer, encodePlayer } from "./bytes.ts";
import { evaluatePlayer } from "./evaluate.ts";
import { playSettings } from "./settings.ts";
import type { GameDefinition } from "./recipes.ts";
import { selfPlay } from "./selfPlay.ts";
import { valueGraph } from "./valueGraph.ts";

/** What is particular to one game. */
export interface GameFacts extends Pick<GraphCard, "model" | "task" | "limits"> {
  /** Most positions of which every move is judged. */
  readonly positions: number;
  readonly figures: string;
  readonly weights: () => Promise<string>;
}

/** The definition of a model that plays a game. */
export function gameDefinition(
  { untrained, recipe }: GameDefinition,
  { model, task, limits, positions, figures, weights }: GameFacts,
): GraphDefinition {
  const card = {
    model,
    task,
    learns:
      "Temporal differences: the error of one value neuron moves the synapses of the pattern neurons that were lit; " +
      "large errors grow episode neurons for single positions. No search, no rule of the game in the choice of a move.",
    data: `${recipe.games.toLocaleString("en")} games against itself, one side of which also makes random moves.`,
    seed: recipe.seed,
    command: `ganglion graph ${model} train`,
    limits,
  };
  return {
    card: withFigures(card, figures),
    weights,
    *train(changes = []) {
      const changed = changeSettings(recipe, playSettings, changes);
      const learning = selfPlay(untrained, changed);
      for (;;) {
        const { done, value } = learning.next();
        if (done === true) return encodePlayer(value);
        const games = `${value.games.toLocaleString("en")} games`;
        const text = `${games}  surprise ${value.surprise.toFixed(4)}  episodes ${value.positions.toLocaleString("en")}`;
        yield { done: value.games / changed.games, text };
      }
    },
    *evaluate(file, { games = 1000, seed = 1 } = {}) {
      yield* evaluatePlayer(decodePlayer(untrained, file), { games, seed, positions });
      yield { name: "file", value: file.length, unit: "bytes", beside: "int8 weights" };
    },
    graph: (file) => valueGraph(decodePlayer(untrained, file)).graph,
  };
}
