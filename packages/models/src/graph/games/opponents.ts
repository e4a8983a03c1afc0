import { foldIn, key } from "@ganglion/tensor";
import { draws } from "../random.ts";
import type { Draws } from "../random.ts";
import { legalMoves, other, wins } from "./game.ts";
import type { Board, Game, Side } from "./game.ts";
import { choose, eyeOn } from "./player.ts";
import type { Player } from "./player.ts";
import type { Solver } from "./solve.ts";

/** Anybody who answers a position with a legal move. */
export type Mover = (board: Board, side: Side, random: Draws) => number;

/** The moves that a player's values choose. */
export function learned(player: Player): Mover {
  return (board, side) => choose(player, eyeOn(player, board), side).move;
}

/** Any legal move. */
export function anyMove(game: Game): Mover {
  return (board, _, random) => pick(legalMoves(game, board), random);
}

/** Any move that keeps the exact result of the position. */
export function perfect(exact: Solver): Mover {
  return (board, side, random) => {
    const results = exact.results(board, side);
    const most = Math.max(...results.map(({ result }) => result));
    return pick(
      results.filter(({ result }) => result === most).map(({ move }) => move),
      random,
    );
  };
}

/**
 * What the published player does before anything is learned: it completes a line where it can, else it stops one, else it
 * moves anywhere. It is here to be compared with; no model of ours looks ahead.
 */
export function winsAndBlocks(game: Game): Mover {
  return (board, side, random) => {
    const legal = legalMoves(game, board);
    const completing = (stone: Side): number[] =>
      legal.filter((move) => {
        const cell = game.cellOf(board, move);
        board[cell] = stone;
        const completes = wins(game, board, cell);
        board[cell] = 0;
        return completes;
      });
    const own = completing(side);
    const others = completing(other(side));
    return pick(own.length > 0 ? own : others.length > 0 ? others : legal, random);
  };
}

/** Results of many games, for the first of the two. */
export interface Score {
  readonly won: number;
  readonly drawn: number;
  readonly lost: number;
}

/** Lets two players meet, the first on a given side. */
export function meet(game: Game, one: Mover, two: Mover, side: Side, games: number, seed: number): Score {
  const random = draws(foldIn(key(seed), side));
  const score = { won: 0, drawn: 0, lost: 0 };
  for (let played = 0; played < games; played++) {
    const winner = play(game, side === 1 ? [one, two] : [two, one], random);
    if (winner === 0) score.drawn++;
    else if (winner === side) score.won++;
    else score.lost++;
  }
  return score;
}

function play(game: Game, movers: readonly [Mover, Mover], random: Draws): 0 | Side {
  const board = new Int8Array(game.columns * game.rows);
  for (let side: Side = 1; ; side = other(side)) {
    if (legalMoves(game, board).length === 0) return 0;
    const cell = game.cellOf(board, movers[side - 1]!(board, side, random));
    board[cell] = side;
    if (wins(game, board, cell)) return side;
  }
}

function pick(moves: readonly number[], random: Draws): number {
  return moves[random.below(moves.length)]!;
}
