import { checkCount } from "../check.ts";
import { type Lattice, line } from "./lattice.ts";

/**
 * A row of cells that see `[left, self, right]`, with zeros beyond both ends.
 *
 * @param cells number of cells, at least 1
 * @throws ConfigError when `cells` is not a count
 */
export function strip(cells: number): Lattice {
  checkCount("strip", "cells", cells);
  return line("strip", cells, (place) => (place < cells ? place : -1));
}
