import { eye } from "./eye.ts";
import type { Eye } from "./eye.ts";
import { patternStarts } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { legalMoves } from "./game.ts";
import type { Board, Game, Side } from "./game.ts";

/** What a game's value neuron has learned: the weight of each pattern neuron's synapse onto it. */
export interface Player {
  readonly game: Game;
  readonly fields: Fields;
  /** `[patterns]`, field by field; a pattern's number in base 3 has the first cell in the lowest place. */
  readonly weights: Float32Array;
  /** Weights of episode neurons, by the number of the one position that lights each; grown where patterns fail. */
  readonly positions: ReadonlyMap<number, number>;
}

/** What decides values while a player learns and plays. */
export type Judge = Pick<Player, "game" | "positions"> & { readonly weights: Float32Array | Float64Array };

/** A move with its value: 0 for a loss, 0.5 for a draw, 1 for a win. */
export interface ValuedMove {
  readonly move: number;
  readonly cell: number;
  readonly value: number;
}

/** What the value neuron says when no pattern speaks. */
export const NEUTRAL = 0.5;

/** A player that has learned nothing. */
export function newPlayer(game: Game, fields: Fields): Player {
  return { game, fields, weights: new Float32Array(patternStarts(fields).at(-1)!), positions: new Map() };
}

/** Value of the position that an eye sees, for the player who has just put a stone: the same as spread has it. */
export function valueOf({ weights, positions }: Judge, seen: Eye, side: Side): number {
  return judged(weights, seen.lit(side), positions.get(seen.position(side)) ?? 0);
}

/** Neutral, and what the lit patterns and the episode add to it, within [0, 1]. */
export function judged(weights: Float32Array | Float64Array, lit: Int32Array, episode: number): number {
  let sum = NEUTRAL + episode;
  for (let i = 0; i < lit.length; i++) sum += weights[lit[i]!]!;
  return sum <= 0 ? 0 : sum >= 1 ? 1 : Math.fround(sum);
}

/** Every legal move with the value of its stone in place; nothing after it is looked at. */
export function valuedMoves(judge: Judge, seen: Eye, side: Side): ValuedMove[] {
  return legalMoves(judge.game, seen.board).map((move) => {
    const cell = judge.game.cellOf(seen.board, move);
    seen.put(cell, side);
    const value = valueOf(judge, seen, side);
    seen.take(cell);
    return { move, cell, value };
  });
}

/** The move of the largest value; equals go to the lowest number. */
export function choose(player: Player, seen: Eye, side: Side): ValuedMove {
  return best(valuedMoves(player, seen, side));
}

/** The first of the moves with the largest value. */
export function best(moves: readonly ValuedMove[]): ValuedMove {
  return moves.reduce((most, move) => (move.value > most.value ? move : most));
}

/** An eye of a player on a board. */
export function eyeOn({ game, fields }: Player, board: Board): Eye {
  const seen = eye(game, fields);
  for (const [cell, stone] of board.entries()) if (stone !== 0) seen.put(cell, stone as Side);
  return seen;
}
