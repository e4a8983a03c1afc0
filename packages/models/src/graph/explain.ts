import { decode } from "@ganglion/int8";
import { FormatError, activationOf, emit, loadGraph, spread, why } from "@ganglion/neurons";
import type { Carrier, Emission, NeuronGraph } from "@ganglion/neurons";
import { turnOf } from "./games/game.ts";
import type { Board } from "./games/game.ts";
import { eyeOn, valuedMoves } from "./games/player.ts";
import type { Player, ValuedMove } from "./games/player.ts";
import { patternName, valueBySpread, valueGraph } from "./games/valueGraph.ts";

/** A move, its value and the patterns that voted for or against it. */
export interface ExplainedMove extends ValuedMove {
  readonly path: readonly Vote[];
}

/** A pattern that voted: cells, each empty (.), own (x) or the other's (o). */
export interface Vote {
  readonly pattern: string;
  readonly weight: number;
}

/** Explains the value of every legal move on a board, the best first: the path is that of `why`. */
export function explainMoves(player: Player, board: Board): ExplainedMove[] {
  const side = turnOf(board);
  const moves = valuedMoves(player, eyeOn(player, board), side).map((move) => {
    const after = board.slice();
    after[move.cell] = side;
    return { move, after };
  });
  const built = valueGraph(
    player,
    moves.map(({ after }) => ({ board: after, side })),
  );
  return moves
    .map(({ move, after }) => {
      const emission = valueBySpread(built, after, side);
      const votes = why(emission).filter(({ step, relation }) => step === emission.step && relation === "votes");
      const path = votes.map(({ from, weight }) => ({ pattern: patternName(built.graph, from), weight }));
      return { ...move, path };
    })
    .toSorted((a, b) => b.value - a.value || a.move - b.move);
}

/** Opens the file of a graph: one that `saveGraph` wrote. A player's file needs its game and is refused here. */
export function openGraph(file: Uint8Array): NeuronGraph {
  const { format } = decode(file).metadata;
  if (format === "game player") {
    throw new FormatError(
      "openGraph",
      "format",
      "expected a neuron graph, received the weights of a player. Turn them into one: ganglion graph ttt export",
    );
  }
  return loadGraph(file);
}

/** What lighting some neurons brings to another, and the synapses that carried it. */
export interface Because {
  readonly activation: number;
  readonly emission: Emission;
  readonly path: readonly Carrier[];
}

/** Lets activation spread from some neurons and asks why another one is lit. */
export function because(graph: NeuronGraph, seeds: readonly number[], target: number, steps: number): Because {
  const outcome = spread(
    graph,
    seeds.map((neuron) => [neuron, 1] as const),
    { steps, epsilon: 0, sparsity: 1 },
  );
  const emission = emit(graph, outcome, target);
  return { activation: activationOf(outcome, target), emission, path: why(emission) };
}
