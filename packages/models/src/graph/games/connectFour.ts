import { linesOf } from "./game.ts";
import type { Game } from "./game.ts";

const COLUMNS = 5;
const ROWS = 4;

/** Connect-four on five columns of four: a move is a column, its stone falls, and four in a row win. */
export const connectFour: Game = {
  name: "connect4",
  columns: COLUMNS,
  rows: ROWS,
  moves: COLUMNS,
  lines: linesOf(COLUMNS, ROWS, 4),
  cellOf(board, move) {
    for (let cell = (ROWS - 1) * COLUMNS + move; cell >= 0; cell -= COLUMNS) if (board[cell] === 0) return cell;
    return -1;
  },
};
