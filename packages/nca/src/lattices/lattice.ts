/** Which cells a cell sees: some as they are, and then, on a graph, weighted sums of others. */
export interface Lattice {
  /** Name of the topology, such as `strip`. */
  readonly kind: string;
  /** Number of cells. */
  readonly cells: number;
  /** States that each cell sees: cells as they are, its own among them, and sums. */
  readonly neighbourhood: number;
  /**
   * Cells that each cell sees as they are, in the order of the perception, row by row: `[cells, neighbourhood]`, less the
   * sums; -1 is a border of zeros.
   */
  readonly neighbours: Int32Array;
  /** What each cell sums up; absent where it sees single cells alone. */
  readonly edges?: Edges | undefined;
}

/** Edges cell by cell: those of cell `i` run from `offsets[i]` to `offsets[i + 1]`. */
export interface Edges {
  /** Weights of an edge: as many sums follow in the perception. */
  readonly sums: number;
  /** `[cells + 1]`. */
  readonly offsets: Int32Array;
  /** The cell that each edge shows `[edges]`. */
  readonly sources: Int32Array;
  /** `[edges, sums]`, float32. */
  readonly weights: Float32Array;
}

/** A one-dimensional lattice whose cells see `[left, self, right]`; `at` resolves a place that may lie outside. */
export function line(kind: string, cells: number, at: (place: number) => number): Lattice {
  const neighbours = new Int32Array(cells * 3);
  for (let cell = 0; cell < cells; cell++) {
    neighbours[cell * 3] = at(cell - 1);
    neighbours[cell * 3 + 1] = cell;
    neighbours[cell * 3 + 2] = at(cell + 1);
  }
  return { kind, cells, neighbourhood: 3, neighbours };
}
