import { legalMoves, other, positionOf, wins } from "./game.ts";
import type { Side } from "./game.ts";
import { choose, eyeOn } from "./player.ts";
import type { Player } from "./player.ts";

/** What becomes of a player who meets every reply. */
export interface Exhausted {
  /** Different positions in which one of the two had to move. */
  readonly positions: number;
  /** Different ways in which games ended, by result for the player. */
  readonly won: number;
  readonly drawn: number;
  readonly lost: number;
}

/** Plays a side against every sequence of replies there is. */
export function playAll(player: Player, side: Side): Exhausted {
  const { game } = player;
  const seen = eyeOn(player, new Int8Array(game.columns * game.rows));
  const met = new Set<number>();
  const ends = { won: 0, drawn: 0, lost: 0 };
  const visit = (turn: Side): void => {
    const position = positionOf(seen.board);
    if (met.has(position)) return;
    met.add(position);
    const legal = legalMoves(game, seen.board);
    if (legal.length === 0) ends.drawn++;
    const moves = turn === side && legal.length > 0 ? [choose(player, seen, turn).move] : legal;
    for (const move of moves) {
      const cell = game.cellOf(seen.board, move);
      seen.put(cell, turn);
      if (!wins(game, seen.board, cell)) visit(other(turn));
      else if (turn === side) ends.won++;
      else ends.lost++;
      seen.take(cell);
    }
  };
  visit(1);
  return { positions: met.size, ...ends };
}
