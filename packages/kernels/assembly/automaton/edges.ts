import { Plan, Step } from "./plan";
import { plusProduct } from "../product";

/** Adds up, for every fired cell, the weighted sums over its edges: each a chain over the edges in their order. */
export function sumEdges(plan: Plan, step: Step): void {
  const bytes = plan.channelBytes;
  const copied = <usize>plan.neighbourhood * bytes;
  let to = step.seen;
  for (let f = 0; f < step.fired; f++) {
    to += copied;
    const row = load<i32>(step.place + (<usize>f << 2));
    const shown = plan.view + latticeOf(plan, row);
    const at = edgesOf(plan, row);
    for (let weight: usize = 4; weight < plan.edgeBytes; weight += 4) {
      for (let i: usize = 0; i < bytes; i += 32) {
        sum8(shown + i, load<usize>(at), load<usize>(at, 4), plan.edgeBytes, weight, to + i);
      }
      to += bytes;
    }
  }
}

/** Where the lattice of a row begins, in bytes from the first row. */
@inline function latticeOf(plan: Plan, row: i32): usize {
  return row < plan.cells ? 0 : <usize>(row - (row % plan.cells)) * plan.channelBytes;
}

/** Where the edges of a row's cell begin is said here, and next to it, where they end. */
@inline function edgesOf(plan: Plan, row: i32): usize {
  return plan.edges + (<usize>(row < plan.cells ? row : row % plan.cells) << 2);
}

/** Eight channels of one sum. */
function sum8(shown: usize, edge: usize, end: usize, edgeBytes: usize, weight: usize, to: usize): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  for (; edge < end; edge += edgeBytes) {
    const from = shown + load<usize>(edge);
    const w = v128.load32_splat(edge + weight);
    s0 = plusProduct(s0, w, v128.load(from));
    s1 = plusProduct(s1, w, v128.load(from, 16));
  }
  v128.store(to, s0);
  v128.store(to, s1, 16);
}

/** Hands the gradients of the sums of one row, which stand at `from`, to the cells at its edges, sum after sum. */
export function throughEdges(plan: Plan, row: i32, from: usize): void {
  const bytes = plan.channelBytes;
  const lattice = plan.viewGradient + latticeOf(plan, row);
  const at = edgesOf(plan, row);
  const end = load<usize>(at, 4);
  for (let weight: usize = 4; weight < plan.edgeBytes; weight += 4) {
    for (let edge = load<usize>(at); edge < end; edge += plan.edgeBytes) {
      const w = v128.load32_splat(edge + weight);
      const to = lattice + load<usize>(edge);
      for (let i: usize = 0; i < bytes; i += 16) v128.store(to + i, plusProduct(v128.load(to + i), w, v128.load(from + i)));
    }
    from += bytes;
  }
}
