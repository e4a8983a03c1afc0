import { foldIn, key } from "@ganglion/tensor";
import { draws } from "../random.ts";
import type { Game } from "./game.ts";

/** Receptive fields: each is a few cells, and has one pattern neuron for every way in which they can be filled. */
export type Fields = readonly (readonly number[])[];

/** The lines of a game, and all squares of two by two. */
export function linesAndSquares({ lines, columns, rows }: Game): Fields {
  const squares: number[][] = [];
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const corner = row * columns + column;
      squares.push([corner, corner + 1, corner + columns, corner + columns + 1]);
    }
  }
  return [...lines, ...squares];
}

/** The lines of a game, and connected patches of cells that grow from random cells. */
export function linesAndPatches(
  game: Game,
  { patches, size, seed }: { patches: number; size: number; seed: number },
): Fields {
  const { columns, rows } = game;
  const random = draws(foldIn(key(seed), 1));
  const grown = Array.from({ length: patches }, () => {
    const patch = [random.below(columns * rows)];
    while (patch.length < size) {
      const from = patch[random.below(patch.length)]!;
      const [column, row] = [(from % columns) + random.below(3) - 1, Math.floor(from / columns) + random.below(3) - 1];
      const cell = row * columns + column;
      if (column >= 0 && column < columns && row >= 0 && row < rows && !patch.includes(cell)) patch.push(cell);
    }
    return patch;
  });
  return [...game.lines, ...grown];
}

/** Where the patterns of each field begin in a list of all patterns, and their number at the end. */
export function patternStarts(fields: Fields): number[] {
  const starts = [0];
  for (const field of fields) starts.push(starts.at(-1)! + 3 ** field.length);
  return starts;
}
