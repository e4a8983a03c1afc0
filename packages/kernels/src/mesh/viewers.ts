import { partsSeen } from "./program.ts";
import type { MeshShape } from "./program.ts";

/** A lattice the other way round: who sees each cell. Those who see cell i run from `offsets[i]` to `offsets[i + 1]`. */
export interface Viewers {
  /** `[cells + 1]`. */
  readonly offsets: Int32Array;
  /** Where the cell enters, `viewer * parts + part` in states; ascending for each cell. */
  readonly places: Int32Array;
  /** By what it is multiplied there. */
  readonly factors: Float32Array;
}

/** Turns a lattice round. */
export function viewersOf(shape: MeshShape): Viewers {
  const { cells } = shape;
  const offsets = new Int32Array(cells + 1);
  each(shape, (seen) => offsets[seen + 1]!++);
  for (let cell = 0; cell < cells; cell++) offsets[cell + 1]! += offsets[cell]!;
  const next = offsets.slice(0, cells);
  const places = new Int32Array(offsets[cells]!);
  const factors = new Float32Array(offsets[cells]!);
  each(shape, (seen, place, factor) => {
    const at = next[seen]!++;
    places[at] = place;
    factors[at] = factor;
  });
  return { offsets, places, factors };
}

/** Visits everything that is seen, viewer by viewer and part by part. */
function each(shape: MeshShape, visit: (seen: number, place: number, factor: number) => void): void {
  const { cells, copies, neighbours, edges } = shape;
  const parts = partsSeen(shape);
  for (let cell = 0; cell < cells; cell++) {
    for (let copy = 0; copy < copies; copy++) {
      const seen = neighbours[cell * copies + copy]!;
      if (seen >= 0) visit(seen, cell * parts + copy, 1);
    }
    if (edges === undefined) continue;
    const { sums, offsets, sources, weights } = edges;
    for (let sum = 0; sum < sums; sum++) {
      for (let edge = offsets[cell]!; edge < offsets[cell + 1]!; edge++) {
        visit(sources[edge]!, cell * parts + copies + sum, weights[edge * sums + sum]!);
      }
    }
  }
}
