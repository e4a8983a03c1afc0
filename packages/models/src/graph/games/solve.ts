import { legalMoves, other, positionOf, wins } from "./game.ts";
import type { Board, Game, Side } from "./game.ts";

/** Exact results of positions by minimax, remembered: the judge of what was learned, never its teacher. */
export interface Solver {
  /** Result for the one to move under perfect play: -1, 0 or 1. */
  result(board: Board, side: Side): number;
  /** Result of every legal move for the one who makes it. */
  results(board: Board, side: Side): readonly { readonly move: number; readonly result: number }[];
}

/** A solver with an empty memory. */
export function solver(game: Game): Solver {
  const known = new Map<number, number>();
  const result = (board: Board, side: Side): number => {
    const position = positionOf(board);
    const before = known.get(position);
    if (before !== undefined) return before;
    let most = -2;
    for (const move of legalMoves(game, board)) {
      most = Math.max(most, after(board, side, move));
      if (most === 1) break;
    }
    const found = most === -2 ? 0 : most;
    known.set(position, found);
    return found;
  };
  const after = (board: Board, side: Side, move: number): number => {
    const cell = game.cellOf(board, move);
    board[cell] = side;
    const value = wins(game, board, cell) ? 1 : 0 - result(board, other(side));
    board[cell] = 0;
    return value;
  };
  return {
    result,
    results: (board, side) => legalMoves(game, board).map((move) => ({ move, result: after(board, side, move) })),
  };
}

/** Every position that can come up while the game goes on, with whose turn it is. */
export function* reachable(game: Game): Generator<{ readonly board: Board; readonly side: Side }> {
  const met = new Set<number>();
  const board = new Int8Array(game.columns * game.rows);
  yield* from(1);
  function* from(side: Side): Generator<{ board: Board; side: Side }> {
    const position = positionOf(board);
    if (met.has(position)) return;
    met.add(position);
    const moves = legalMoves(game, board);
    if (moves.length === 0) return;
    yield { board, side };
    for (const move of moves) {
      const cell = game.cellOf(board, move);
      board[cell] = side;
      if (!wins(game, board, cell)) yield* from(other(side));
      board[cell] = 0;
    }
  }
}
