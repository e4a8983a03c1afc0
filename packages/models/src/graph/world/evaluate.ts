import type { NeuronGraph } from "@ganglion/neurons";
import { shareRow } from "../row.ts";
import type { GraphRow } from "../row.ts";
import { everyTransition, imagine, randomGame, worldRecipe } from "./world.ts";
import type { Transition, WorldRecipe } from "./world.ts";

/** Measures a world model over every move from every reachable position, those it watched and those it never saw. */
export function* evaluateWorld(graph: NeuronGraph, recipe: WorldRecipe = worldRecipe): Generator<GraphRow> {
  const watched = new Set<string>();
  for (let game = 0; game < recipe.games; game++) {
    for (const transition of randomGame(recipe.seed, game)) watched.add(nameOf(transition));
  }
  const counts = { all: 0, boards: 0, sides: 0, cells: 0, unseen: 0, unseenRight: 0, always: 0, alwaysCells: 0 };
  for (const transition of everyTransition()) {
    const { before, move, after, side } = transition;
    const imagined = imagine(graph, before, move);
    const cells = imagined.board.reduce((sum, stone, cell) => sum + (stone === after[cell] ? 1 : 0), 0);
    counts.all++;
    counts.cells += cells;
    if (cells === 9) counts.boards++;
    if (imagined.side === side) counts.sides++;
    if (!watched.has(nameOf(transition))) {
      counts.unseen++;
      if (cells === 9) counts.unseenRight++;
    }
    if (side === 1) counts.always++;
    counts.alwaysCells += side === 1 ? 9 : 8;
  }
  yield shareRow("full boards, every position and move", counts.boards, counts.all);
  yield shareRow("full boards among moves never watched", counts.unseenRight, counts.unseen);
  yield shareRow("side to move, found from the stones", counts.sides, counts.all);
  yield shareRow("single cells", counts.cells, 9 * counts.all);
  yield shareRow("baseline that always puts an X: full boards", counts.always, counts.all);
  yield shareRow("baseline that always puts an X: single cells", counts.alwaysCells, 9 * counts.all);
  yield { name: "graph", value: graph.synapses, unit: "synapses", beside: `${graph.neurons} neurons` };
}

function nameOf({ before, move }: Transition): string {
  return `${before.join("")} ${move}`;
}
