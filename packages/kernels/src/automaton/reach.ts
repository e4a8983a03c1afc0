import { statesSeen } from "./program.ts";
import type { AutomatonShape } from "./program.ts";

/**
 * What each cell sees that is not beyond the ends of its lattice: from the first such state of its perception to behind the
 * last `[cells, 2]`, at least one. The rest is zeros, which add nothing to sums.
 */
export function reachOf(shape: AutomatonShape): Int32Array {
  const { cells, neighbourhood, neighbours } = shape;
  const states = statesSeen(shape);
  const sums = states > neighbourhood;
  const reach = new Int32Array(cells * 2);
  for (let cell = 0; cell < cells; cell++) {
    const at = cell * neighbourhood;
    let first = 0;
    let end = neighbourhood;
    while (first < end && neighbours[at + first]! < 0) first++;
    while (first < end && neighbours[at + end - 1]! < 0) end--;
    if (sums) end = states;
    reach[cell * 2] = first < end ? first : 0;
    reach[cell * 2 + 1] = first < end ? end : 1;
  }
  return reach;
}

/** The cells of so many strips, those of one reach one after the other `[strips * cells]`. */
export function byReach(reach: Int32Array, strips: number): Int32Array {
  const cells = reach.length / 2;
  const groups = new Map<number, number[]>();
  for (let cell = 0; cell < cells; cell++) {
    const both = reach[cell * 2]! * 2 ** 20 + reach[cell * 2 + 1]!;
    const group = groups.get(both);
    if (group === undefined) groups.set(both, [cell]);
    else group.push(cell);
  }
  const order = new Int32Array(strips * cells);
  let at = 0;
  for (const group of groups.values()) {
    for (let strip = 0; strip < strips; strip++) {
      for (const cell of group) order[at++] = strip * cells + cell;
    }
  }
  return order;
}
