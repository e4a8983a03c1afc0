import { type Tensor, concat, fromData, matmul, reshape, take, zeros } from "@ganglion/tensor";
import type { Edges, Lattice } from "./lattices/lattice.ts";

/**
 * What the given cells see: their neighbours' channels, one neighbour after the other, and then sums of them.
 *
 * @param state `[batch, cells, channels]`
 * @param rows cells as places in the flat batch, `row * cells + cell`
 * @returns `[rows, neighbourhood * channels]`
 */
export function perceive(lattice: Lattice, state: Tensor, rows: Int32Array): Tensor {
  const [batch, cells, channels] = state.shape as [number, number, number];
  const border = batch * cells;
  const shown = withBorder(state);
  const copies = lattice.neighbours.length / cells;
  const near = take(shown, fromData(seenPlaces(lattice, copies, rows, border), [rows.length, copies]));
  const seen = reshape(near, [rows.length, copies * channels]);
  if (lattice.edges === undefined) return seen;
  const { sums } = lattice.edges;
  const { most, places, weights } = edgesOf(lattice.edges, cells, rows, border);
  const weighted = fromData(state.dtype === "float64" ? Float64Array.from(weights) : weights, [
    rows.length,
    sums,
    most,
  ]);
  const added = matmul(weighted, take(shown, fromData(places, [rows.length, most])));
  return concat([seen, reshape(added, [rows.length, sums * channels])], 1);
}

/** The state as `[batch * cells + 1, channels]`, whose last row is the border of zeros. */
function withBorder(state: Tensor): Tensor {
  const [batch, cells, channels] = state.shape as [number, number, number];
  return concat([reshape(state, [batch * cells, channels]), zeros([1, channels], state.dtype)]);
}

/** Place in the flat state of each cell that each row sees as it is, `[rows, copies]`. */
function seenPlaces({ cells, neighbours }: Lattice, copies: number, rows: Int32Array, border: number): Int32Array {
  const places = new Int32Array(rows.length * copies);
  for (let r = 0; r < rows.length; r++) {
    const row = rows[r]!;
    const cell = row % cells;
    for (let n = 0; n < copies; n++) {
      const neighbour = neighbours[cell * copies + n]!;
      places[r * copies + n] = neighbour < 0 ? border : row - cell + neighbour;
    }
  }
  return places;
}

/** The edges of each row, as many as the row with most has: places `[rows, most]` and weights `[rows, sums, most]`. */
function edgesOf(
  { sums, offsets, sources, weights }: Edges,
  cells: number,
  rows: Int32Array,
  border: number,
): { most: number; places: Int32Array; weights: Float32Array } {
  let most = 1;
  for (const row of rows) most = Math.max(most, offsets[(row % cells) + 1]! - offsets[row % cells]!);
  const places = new Int32Array(rows.length * most).fill(border);
  const spread = new Float32Array(rows.length * sums * most);
  for (let r = 0; r < rows.length; r++) {
    const cell = rows[r]! % cells;
    for (let edge = offsets[cell]!; edge < offsets[cell + 1]!; edge++) {
      const n = edge - offsets[cell]!;
      places[r * most + n] = rows[r]! - cell + sources[edge]!;
      for (let sum = 0; sum < sums; sum++) spread[(r * sums + sum) * most + n] = weights[edge * sums + sum]!;
    }
  }
  return { most, places, weights: spread };
}
