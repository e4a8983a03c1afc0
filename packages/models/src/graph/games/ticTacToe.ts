import { linesOf } from "./game.ts";
import type { Game } from "./game.ts";

/** Tic-tac-toe: a move is a cell, and three in a row win. */
export const ticTacToe: Game = {
  name: "ttt",
  columns: 3,
  rows: 3,
  moves: 9,
  lines: linesOf(3, 3, 3),
  cellOf: (board, move) => (board[move] === 0 ? move : -1),
};
