import { checkCount } from "../check.ts";
import { type Lattice, line } from "./lattice.ts";

/**
 * A closed row of cells that see `[left, self, right]`: the first and the last cell are neighbours.
 *
 * @param cells number of cells, at least 1
 * @throws ConfigError when `cells` is not a count
 */
export function ring(cells: number): Lattice {
  checkCount("ring", "cells", cells);
  return line("ring", cells, (place) => (place + cells) % cells);
}
