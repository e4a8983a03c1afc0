import { type Tensor, concat, fromData, reshape, take, zeros } from "@ganglion/tensor";
import type { Lattice } from "./lattices/lattice.ts";

/**
 * What the given cells see: their neighbours' channels, one neighbour after the other.
 *
 * @param state `[batch, cells, channels]`
 * @param rows cells as places in the flat batch, `row * cells + cell`
 * @returns `[rows, neighbourhood * channels]`
 */
export function perceive(lattice: Lattice, state: Tensor, rows: Int32Array): Tensor {
  const [batch, cells, channels] = state.shape as [number, number, number];
  const border = batch * cells;
  const seen = take(
    withBorder(state),
    fromData(seenPlaces(lattice, rows, border), [rows.length, lattice.neighbourhood]),
  );
  return reshape(seen, [rows.length, lattice.neighbourhood * channels]);
}

/** The state as `[batch * cells + 1, channels]`, whose last row is the border of zeros. */
function withBorder(state: Tensor): Tensor {
  const [batch, cells, channels] = state.shape as [number, number, number];
  return concat([reshape(state, [batch * cells, channels]), zeros([1, channels], state.dtype)]);
}

/** Place in the flat state of each neighbour of each row, `[rows, neighbourhood]`. */
function seenPlaces({ cells, neighbourhood, neighbours }: Lattice, rows: Int32Array, border: number): Int32Array {
  const places = new Int32Array(rows.length * neighbourhood);
  for (let r = 0; r < rows.length; r++) {
    const row = rows[r]!;
    const cell = row % cells;
    for (let n = 0; n < neighbourhood; n++) {
      const neighbour = neighbours[cell * neighbourhood + n]!;
      places[r * neighbourhood + n] = neighbour < 0 ? border : row - cell + neighbour;
    }
  }
  return places;
}
