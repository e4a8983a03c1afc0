/** Which cells a cell sees. */
export interface Lattice {
  /** Name of the topology, such as `strip`. */
  readonly kind: string;
  /** Number of cells. */
  readonly cells: number;
  /** Cells that each cell sees, itself included. */
  readonly neighbourhood: number;
  /** Seen cells of each cell in the order of the perception, `[cells, neighbourhood]` row by row; -1 is a border of zeros. */
  readonly neighbours: Int32Array;
}

/** A one-dimensional lattice whose cells see `[left, self, right]`; `at` resolves a place that may lie outside. */
export function line(kind: string, cells: number, at: (place: number) => number): Lattice {
  const neighbours = new Int32Array(cells * 3);
  for (let cell = 0; cell < cells; cell++) {
    neighbours.set([at(cell - 1), cell, at(cell + 1)], cell * 3);
  }
  return { kind, cells, neighbourhood: 3, neighbours };
}
