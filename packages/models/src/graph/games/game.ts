/** A game of two players who put stones on a board in turn; the referee's knowledge, which no player reads. */
export interface Game {
  readonly name: string;
  readonly columns: number;
  readonly rows: number;
  /** Moves there are, numbered from 0; not all are legal in a position. */
  readonly moves: number;
  /** Cells that win when one player has them all. */
  readonly lines: readonly (readonly number[])[];
  /** Cell that a move fills, or -1 when it is illegal. */
  cellOf(this: void, board: Board, move: number): number;
}

/** Stones by cell, row by row from the top: 0 none, 1 of the first player, 2 of the second. */
export type Board = Int8Array;

/** Who puts a stone: 1 begins. */
export type Side = 1 | 2;

/** The other player. */
export function other(side: Side): Side {
  return side === 1 ? 2 : 1;
}

/** Legal moves of a position, in ascending order. */
export function legalMoves(game: Game, board: Board): number[] {
  const moves: number[] = [];
  for (let move = 0; move < game.moves; move++) if (game.cellOf(board, move) >= 0) moves.push(move);
  return moves;
}

const linesThrough = new WeakMap<Game, readonly (readonly (readonly number[])[])[]>();

/** Whether the stone on a cell completes a line. */
export function wins(game: Game, board: Board, cell: number): boolean {
  let through = linesThrough.get(game);
  if (through === undefined) {
    through = Array.from(board, (_, member) => game.lines.filter((line) => line.includes(member)));
    linesThrough.set(game, through);
  }
  const stone = board[cell];
  return through[cell]!.some((line) => line.every((member) => board[member] === stone));
}

/** Number of a position: in base 3, the first cell in the lowest place. */
export function positionOf(board: Board): number {
  let position = 0;
  for (let cell = board.length - 1; cell >= 0; cell--) position = 3 * position + board[cell]!;
  return position;
}

/** Whose turn it is: both players have as many stones, or the first has one more. */
export function turnOf(board: Board): Side {
  return board.reduce((sum, stone) => sum + (stone === 0 ? 0 : 1), 0) % 2 === 0 ? 1 : 2;
}

/** All lines of some cells in a row, column or diagonal. */
export function linesOf(columns: number, rows: number, length: number): number[][] {
  const lines: number[][] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (const [right, down] of [
        [1, 0],
        [0, 1],
        [1, 1],
        [-1, 1],
      ] as const) {
        const [lastColumn, lastRow] = [column + right * (length - 1), row + down * (length - 1)];
        if (lastColumn < 0 || lastColumn >= columns || lastRow >= rows) continue;
        lines.push(Array.from({ length }, (_, i) => (row + down * i) * columns + column + right * i));
      }
    }
  }
  return lines;
}
