import { patternStarts } from "./fields.ts";
import type { Fields } from "./fields.ts";
import type { Board, Game, Side } from "./game.ts";

/** A board that keeps up which pattern neurons it lights, as each player sees it: own stones 1, the other's 2. */
export interface Eye {
  readonly board: Board;
  /** Patterns that are lit, one per field, as the player sees the board. */
  lit(side: Side): Int32Array;
  /** Number of the whole position, as the player sees the board: in base 3, the first cell in the lowest place. */
  position(side: Side): number;
  put(cell: number, side: Side): void;
  take(cell: number): void;
  clear(): void;
}

/** An eye for the empty board. */
export function eye(game: Game, fields: Fields): Eye {
  const starts = patternStarts(fields).slice(0, -1);
  const board = new Int8Array(game.columns * game.rows);
  const codes = [0, 0];
  const views = [Int32Array.from(starts), Int32Array.from(starts)] as const;
  const watchers = Array.from(board, () => ({ fields: [] as number[], places: [] as number[] }));
  for (const [index, field] of fields.entries()) {
    for (const [place, cell] of field.entries()) {
      watchers[cell]!.fields.push(index);
      watchers[cell]!.places.push(3 ** place);
    }
  }
  const flat = watchers.map((watcher) => [Int32Array.from(watcher.fields), Int32Array.from(watcher.places)] as const);
  const shift = (cell: number, side: Side, sign: 1 | -1): void => {
    const [seen, places] = flat[cell]!;
    codes[side - 1]! += sign * 3 ** cell;
    codes[2 - side]! += 2 * sign * 3 ** cell;
    const [own, others] = side === 1 ? views : [views[1], views[0]];
    for (let i = 0; i < seen.length; i++) {
      own[seen[i]!]! += sign * places[i]!;
      others[seen[i]!]! += 2 * sign * places[i]!;
    }
  };
  return {
    board,
    lit: (side) => views[side - 1]!,
    position: (side) => codes[side - 1]!,
    put(cell, side) {
      board[cell] = side;
      shift(cell, side, 1);
    },
    take(cell) {
      shift(cell, board[cell] as Side, -1);
      board[cell] = 0;
    },
    clear() {
      board.fill(0);
      codes.fill(0);
      for (const view of views) view.set(starts);
    },
  };
}
