import { legalMoves, turnOf } from "@ganglion/models";
import type { Board, Game } from "@ganglion/models";
import { UsageError } from "../../errors.ts";

const SIGNS = ".xo";

/** Reads a board: a sign per cell, . for none, x for the first player, o for the second. @throws UsageError */
export function boardOf({ columns, rows, name }: Game, text: string | undefined): Board {
  const cells = columns * rows;
  const signs = (text ?? ".".repeat(cells)).toLowerCase().replace(/[\s/]/gu, "").replaceAll("-", ".");
  const stones = signs.split("").map((sign) => SIGNS.indexOf(sign));
  const board = Int8Array.from(stones);
  const [first, second] = [1, 2].map((side) => stones.filter((stone) => stone === side).length) as [number, number];
  if (stones.length !== cells || stones.includes(-1)) {
    throw new UsageError(
      `graph: expected a board of ${name}: ${cells} signs among . x o, received ${JSON.stringify(text)}`,
    );
  }
  if (first !== second && first !== second + 1) {
    throw new UsageError(`graph: expected as many x as o, or one more, received ${first} and ${second}`);
  }
  return board;
}

/** A board as lines; empty cells show the move that fills them. */
export function drawBoard(game: Game, board: Board): string[] {
  const moves = new Map(legalMoves(game, board).map((move) => [game.cellOf(board, move), move + 1]));
  return Array.from({ length: game.rows }, (_, row) =>
    Array.from({ length: game.columns }, (_, column) => {
      const cell = row * game.columns + column;
      return board[cell] === 0 ? `${moves.get(cell) ?? "."}` : SIGNS[board[cell]!]!.toUpperCase();
    }).join(" "),
  );
}

/** X or O, whose turn it is. */
export function turnSign(board: Board): string {
  return SIGNS[turnOf(board)]!.toUpperCase();
}
