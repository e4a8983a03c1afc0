import { GraphError, activationOf, emit, neuronGraph, spread } from "@ganglion/neurons";
import type { Emission, NeuronGraph, Spread } from "@ganglion/neurons";
import { patternStarts } from "./fields.ts";
import type { Board, Side } from "./game.ts";
import { NEUTRAL, eyeOn, valueOf } from "./player.ts";
import type { Player } from "./player.ts";

/** A player as a graph of neurons: cells, the patterns that they light, and the value that these vote for. */
export interface ValueGraph {
  readonly graph: NeuronGraph;
  /** Neuron of a cell in a state: 0 empty, 1 own, 2 the other's. */
  cell(this: void, cell: number, state: 0 | 1 | 2): number;
  readonly value: number;
  readonly bias: number;
}

const STATES = ["empty", "own", "their"] as const;

/** A board, and for whom it is looked at. */
export interface Sight {
  readonly board: Board;
  readonly side: Side;
}

/**
 * Builds the graph. A pattern neuron fires when all cells of its field are as it wants them; one whose synapse onto the
 * value neuron weighs nothing is left out.
 *
 * @param sights builds only the neurons that these light; the others would stay silent. Default: all
 */
export function valueGraph(player: Player, sights?: readonly Sight[]): ValueGraph {
  const { game, fields, weights, positions } = player;
  const seen = sights?.map(({ board, side }) => ({ eye: eyeOn(player, board), side }));
  const patterns = seen && new Set(seen.flatMap(({ eye, side }) => [...eye.lit(side)]));
  const episodes = seen && new Set(seen.map(({ eye, side }) => eye.position(side)));
  const graph = neuronGraph();
  graph.relations.set("sees", 1);
  graph.relations.set("votes", 1);
  const cells = game.columns * game.rows;
  for (let cell = 0; cell < cells; cell++) {
    for (const state of STATES) graph.addNeuron({ kind: "image", decay: 1, alias: `${state} ${cell + 1}` });
  }
  const bias = graph.addNeuron({ kind: "concept", decay: 1, alias: "bias" });
  const value = graph.addNeuron({ kind: "concept", decay: 0, alias: "value" });
  graph.connect(bias, value, { relation: "votes", weight: NEUTRAL });
  const starts = patternStarts(fields);
  for (const [index, field] of fields.entries()) {
    for (let pattern = 0; pattern < 3 ** field.length; pattern++) {
      const weight = weights[starts[index]! + pattern]!;
      if (weight === 0 || patterns?.has(starts[index]! + pattern) === false) continue;
      const states = field.map((_, place) => Math.floor(pattern / 3 ** place) % 3);
      const seen = field.map((cell, place) => `${cell + 1}${".xo"[states[place]!]}`).join(" ");
      const neuron = graph.addNeuron({ kind: "assembly", threshold: 1, decay: 0, content: seen });
      for (const [place, cell] of field.entries()) {
        graph.connect(3 * cell + states[place]!, neuron, { relation: "sees", weight: 1 / (field.length - 0.5) });
      }
      graph.connect(neuron, value, { relation: "votes", weight });
    }
  }
  for (const [position, weight] of positions) {
    if (episodes?.has(position) === false) continue;
    const neuron = graph.addNeuron({ kind: "episode", threshold: 1, decay: 0, content: boardName(position, cells) });
    for (let cell = 0; cell < cells; cell++) {
      graph.connect(3 * cell + (Math.floor(position / 3 ** cell) % 3), neuron, {
        relation: "sees",
        weight: 1 / (cells - 0.5),
      });
    }
    graph.connect(neuron, value, { relation: "votes", weight });
  }
  graph.compact();
  return { graph, cell: (cell, state) => 3 * cell + state, value, bias };
}

/** A whole board in signs, from its number. */
function boardName(position: number, cells: number): string {
  return Array.from({ length: cells }, (_, cell) => ".xo"[Math.floor(position / 3 ** cell) % 3]).join("");
}

/** Value of a board for the player who has just put a stone, by spread, with the path behind it. */
export function valueBySpread(built: ValueGraph, board: Board, side: Side): Emission {
  return emit(built.graph, look(built, board, side), built.value);
}

/** Whether spread gives a board the value that the table gives it, bit for bit. @throws GraphError when it does not */
export function verifyValue(player: Player, built: ValueGraph, board: Board, side: Side): void {
  const fast = valueOf(player, eyeOn(player, board), side);
  const slow = activationOf(look(built, board, side), built.value);
  if (fast === slow) return;
  throw new GraphError("verifyValue", `expected ${slow} on ${board.join("")}, as spread has it, received ${fast}`);
}

/** Two steps: the cells light patterns, and these vote. */
function look({ graph, cell, bias }: ValueGraph, board: Board, side: Side): Spread {
  const seeds = Array.from(board, (stone, at) => [cell(at, stone === 0 ? 0 : stone === side ? 1 : 2), 1] as const);
  return spread(graph, [...seeds, [bias, 1]], { steps: 2, sparsity: 1, epsilon: 0 });
}

/** What a pattern neuron stands for: cells, each empty (.), own (x) or the other's (o). */
export function patternName(graph: NeuronGraph, neuron: number): string {
  const content = graph.content(neuron);
  return content === undefined ? graph.label(neuron) : new TextDecoder().decode(content);
}
