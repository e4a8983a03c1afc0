// What cells see: some cells as they are, then weighted sums over their edges. A few listed cells at a time, first the
// copies of all, then two sums of all: what is the same for all of them then stays in registers.
import { Plan } from "./plan";
import { copyRow } from "../padded";
import { plusProduct } from "../product";
import { ROW } from "./tiles";

/** What listed cells see: rows of so many cells in each lane. */
export function perceive(plan: Plan, shown: usize, listed: usize, end: usize, lane: usize, to: usize): void {
  const bytes = plan.channelBytes;
  if (plan.copies > 0) copyCells(plan, shown, listed, end, lane, to);
  to += <usize>plan.copies * bytes;
  let weight: usize = 4;
  for (const last = plan.edgeBytes; weight + 8 <= last; weight += 8) {
    let i: usize = 0;
    for (; i + 48 <= bytes; i += 48) pair12(plan, shown + i, listed, end, lane, weight, to + i);
    for (; i < bytes; i += 16) pair4(plan, shown + i, listed, end, lane, weight, to + i);
    to += 2 * bytes;
  }
  if (weight === plan.edgeBytes) return;
  for (let i: usize = 0; i < bytes; i += 16) single4(plan, shown + i, listed, end, lane, weight, to + i);
}

/** Which cell of its lattice a row is; in a single lattice, which may be large, nothing is divided. */
@inline function cellOf(row: i32, cells: i32): i32 {
  return row < cells ? row : row % cells;
}

function copyCells(plan: Plan, shown: usize, listed: usize, end: usize, lane: usize, to: usize): void {
  const bytes = plan.channelBytes;
  const between = ROW - (lane >> 2) * plan.seenBytes;
  const cells = plan.cells;
  const copies = <usize>plan.copies << 2;
  const neighbours = plan.neighbours;
  const zeros = plan.zeros;
  const rest = plan.seenBytes - <usize>plan.copies * bytes;
  for (; listed < end; to += between) {
    const last = min(listed + lane, end);
    for (; listed < last; listed += 4) {
      const row = load<i32>(listed);
      const cell = cellOf(row, cells);
      const lattice = shown + <usize>(row - cell) * bytes;
      let neighbour = neighbours + <usize>cell * copies;
      for (const behind = neighbour + copies; neighbour < behind; neighbour += 4) {
        const seen = load<i32>(neighbour);
        copyRow(seen === -1 ? zeros : lattice + seen, to, bytes);
        to += bytes;
      }
      to += rest;
    }
  }
}

/** Twelve channels of two sums, each a chain over the edges in their order; as the next ones. */
function pair12(plan: Plan, shown: usize, listed: usize, end: usize, lane: usize, weight: usize, to: usize): void {
  const bytes = plan.channelBytes;
  const between = ROW - (lane >> 2) * plan.seenBytes;
  const cells = plan.cells;
  const edges = plan.edges;
  const edgeBytes = plan.edgeBytes;
  const seenBytes = plan.seenBytes;
  for (; listed < end; to += between) {
    const last = min(listed + lane, end);
    for (; listed < last; listed += 4) {
      const row = load<i32>(listed);
      const cell = cellOf(row, cells);
      const lattice = shown + <usize>(row - cell) * bytes;
      const at = edges + (<usize>cell << 2);
      const behind = <usize>load<i32>(at, 4);
      let a0 = f32x4.splat(0);
      let a1 = a0;
      let a2 = a0;
      let b0 = a0;
      let b1 = a0;
      let b2 = a0;
      for (let edge = <usize>load<i32>(at); edge < behind; edge += edgeBytes) {
        const from = lattice + <usize>load<i32>(edge);
        const weights = edge + weight;
        const x0 = v128.load(from);
        const x1 = v128.load(from, 16);
        const x2 = v128.load(from, 32);
        const u = v128.load32_splat(weights);
        a0 = plusProduct(a0, u, x0);
        a1 = plusProduct(a1, u, x1);
        a2 = plusProduct(a2, u, x2);
        const v = v128.load32_splat(weights, 4);
        b0 = plusProduct(b0, v, x0);
        b1 = plusProduct(b1, v, x1);
        b2 = plusProduct(b2, v, x2);
      }
      v128.store(to, a0);
      v128.store(to, a1, 16);
      v128.store(to, a2, 32);
      v128.store(to + bytes, b0);
      v128.store(to + bytes, b1, 16);
      v128.store(to + bytes, b2, 32);
      to += seenBytes;
    }
  }
}

/** Four channels of two sums. */
function pair4(plan: Plan, shown: usize, listed: usize, end: usize, lane: usize, weight: usize, to: usize): void {
  const bytes = plan.channelBytes;
  const between = ROW - (lane >> 2) * plan.seenBytes;
  const edgeBytes = plan.edgeBytes;
  for (; listed < end; to += between) {
    const last = min(listed + lane, end);
    for (; listed < last; listed += 4) {
      const row = load<i32>(listed);
      const cell = cellOf(row, plan.cells);
      const lattice = shown + <usize>(row - cell) * bytes;
      const at = plan.edges + (<usize>cell << 2);
      const behind = <usize>load<i32>(at, 4);
      let a = f32x4.splat(0);
      let b = a;
      for (let edge = <usize>load<i32>(at); edge < behind; edge += edgeBytes) {
        const x = v128.load(lattice + <usize>load<i32>(edge));
        a = plusProduct(a, v128.load32_splat(edge + weight), x);
        b = plusProduct(b, v128.load32_splat(edge + weight, 4), x);
      }
      v128.store(to, a);
      v128.store(to + bytes, b);
      to += plan.seenBytes;
    }
  }
}

/** Four channels of the last of an odd number of sums. */
function single4(plan: Plan, shown: usize, listed: usize, end: usize, lane: usize, weight: usize, to: usize): void {
  const bytes = plan.channelBytes;
  const between = ROW - (lane >> 2) * plan.seenBytes;
  const edgeBytes = plan.edgeBytes;
  for (; listed < end; to += between) {
    const last = min(listed + lane, end);
    for (; listed < last; listed += 4) {
      const row = load<i32>(listed);
      const cell = cellOf(row, plan.cells);
      const lattice = shown + <usize>(row - cell) * bytes;
      const at = plan.edges + (<usize>cell << 2);
      const behind = <usize>load<i32>(at, 4);
      let sum = f32x4.splat(0);
      for (let edge = <usize>load<i32>(at); edge < behind; edge += edgeBytes) {
        sum = plusProduct(sum, v128.load32_splat(edge + weight), v128.load(lattice + <usize>load<i32>(edge)));
      }
      v128.store(to, sum);
      to += plan.seenBytes;
    }
  }
}
