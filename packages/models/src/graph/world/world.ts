import { delta, neuronGraph, spread } from "@ganglion/neurons";
import type { NeuronGraph, Seeds, Spread } from "@ganglion/neurons";
import { foldIn, key } from "@ganglion/tensor";
import { legalMoves, other, wins } from "../games/game.ts";
import type { Board, Side } from "../games/game.ts";
import { reachable } from "../games/solve.ts";
import { ticTacToe } from "../games/ticTacToe.ts";
import { draws } from "../random.ts";

/** One move as it was watched. */
export interface Transition {
  readonly before: Board;
  readonly move: number;
  readonly after: Board;
  /** Who moved. */
  readonly side: Side;
}

/** What a world model says comes next. */
export interface Imagined {
  readonly board: Board;
  /** Whose turn it takes the move to be. */
  readonly side: Side;
}

/** How a world model learns. */
export interface WorldRecipe {
  /** Games of random moves that it watches. */
  readonly games: number;
  readonly rate: number;
  readonly seed: number;
}

/** The recipe of the model that ships. */
export const worldRecipe: WorldRecipe = { games: 500, rate: 0.1, seed: 1 };

const CELLS = 9;
const STATES = 3;
const MOVE = CELLS * STATES;
const SIDE = MOVE + CELLS;
const BIAS = SIDE + 2;
const NEXT = BIAS + 1;
const VOTES = { relation: "votes" } as const;

/**
 * A graph that imagines the board after a move. It sees stones and the cell of the move, never whose turn it is: two side
 * neurons learn that from the stones, and thirty-six others learn the next board from stones, move and sides.
 */
function newWorld(): NeuronGraph {
  const graph = neuronGraph();
  graph.relations.set("votes", 1);
  for (let cell = 1; cell <= CELLS; cell++) {
    for (const state of ["empty", "x", "o"])
      graph.addNeuron({ kind: "image", decay: 1, threshold: 0.5, alias: `${state} ${cell}` });
  }
  for (let cell = 1; cell <= CELLS; cell++) graph.addNeuron({ kind: "concept", decay: 1, alias: `move ${cell}` });
  for (const side of ["x", "o"]) graph.addNeuron({ kind: "concept", decay: 0, alias: `${side} to move` });
  graph.addNeuron({ kind: "concept", decay: 1, alias: "bias" });
  for (let cell = 1; cell <= CELLS; cell++) {
    for (const state of ["empty", "x", "o"])
      graph.addNeuron({ kind: "image", decay: 0, alias: `next ${state} ${cell}` });
  }
  return graph;
}

/** Lets a world model imagine: the first step finds the side, the second the board. */
export function imagine(graph: NeuronGraph, before: Board, move: number): Imagined & { readonly outcome: Spread } {
  const outcome = spread(graph, see(before, move), { steps: 2, sparsity: 1, epsilon: 0 });
  const lit = new Map(Array.from(outcome.neurons, (neuron, place) => [neuron, outcome.activations[place]!] as const));
  const strongest = (first: number, count: number): number => {
    let most = 0;
    for (let i = 1; i < count; i++) if ((lit.get(first + i) ?? 0) > (lit.get(first + most) ?? 0)) most = i;
    return most;
  };
  const board = Int8Array.from({ length: CELLS }, (_, cell) => strongest(NEXT + cell * STATES, STATES));
  return { board, side: (strongest(SIDE, 2) + 1) as Side, outcome };
}

/**
 * Learns from watched games by the delta rule, each layer from what it could have seen itself: who moved, and what the
 * board became.
 *
 * @yields after every hundred games, the share of boards that it imagined right before it saw them
 */
export function* watch(
  recipe: WorldRecipe,
): Generator<{ readonly games: number; readonly right: number }, NeuronGraph> {
  const graph = newWorld();
  let [right, seen] = [0, 0];
  for (let game = 0; game < recipe.games; game++) {
    for (const transition of randomGame(recipe.seed, game)) {
      right += learn(graph, transition, recipe.rate) ? 1 : 0;
      seen++;
    }
    if ((game + 1) % 100 === 0) {
      yield { games: game + 1, right: right / seen };
      [right, seen] = [0, 0];
    }
  }
  graph.compact();
  return graph;
}

/** The moves of one game between two players who know nothing. */
export function randomGame(seed: number, game: number): Transition[] {
  const random = draws(foldIn(foldIn(key(seed), 2), game));
  const board = new Int8Array(CELLS);
  const moves: Transition[] = [];
  for (let side: Side = 1; ; side = other(side)) {
    const legal = legalMoves(ticTacToe, board);
    if (legal.length === 0) return moves;
    const move = legal[random.below(legal.length)]!;
    const before = board.slice();
    board[move] = side;
    moves.push({ before, move, after: board.slice(), side });
    if (wins(ticTacToe, board, move)) return moves;
  }
}

/** Every move from every reachable position. */
export function* everyTransition(): Generator<Transition> {
  for (const { board, side } of reachable(ticTacToe)) {
    for (const move of legalMoves(ticTacToe, board)) {
      const after = board.slice();
      after[move] = side;
      yield { before: board.slice(), move, after, side };
    }
  }
}

function see(before: Board, move: number): Seeds {
  return [...Array.from(before, (stone, cell) => [cell * STATES + stone, 1] as const), [MOVE + move, 1], [BIAS, 1]];
}

function learn(graph: NeuronGraph, { before, move, after, side }: Transition, rate: number): boolean {
  const { board, outcome } = imagine(graph, before, move);
  const [seeds, middle] = [outcome.frames[0]!, outcome.frames[1]!];
  const lit = new Map(Array.from(outcome.neurons, (neuron, place) => [neuron, outcome.activations[place]!] as const));
  const errors = (first: number, wanted: readonly number[]): [number, number][] =>
    wanted.map((target, i) => [first + i, target - (lit.get(first + i) ?? 0)]);
  const next = Array.from(after, (stone) => [0, 1, 2].map((state) => (state === stone ? 1 : 0))).flat();
  delta(graph, seeds, errors(SIDE, side === 1 ? [1, 0] : [0, 1]), { ...VOTES, rate });
  const inputs = {
    neurons: middle.neurons.filter((neuron) => neuron < NEXT),
    activations: middle.activations.filter((_, place) => middle.neurons[place]! < NEXT),
  };
  delta(graph, inputs, errors(NEXT, next), { ...VOTES, rate });
  return board.every((stone, cell) => stone === after[cell]);
}
