import { Plan } from "./plan";
import { copyRow } from "../padded";
import { plusProduct } from "../product";

/** What one cell sees: some cells as they are, then weighted sums over its edges. */
export function perceive(plan: Plan, shown: usize, row: i32, to: usize): void {
  const bytes = plan.channelBytes;
  // in a single lattice, which may be large, nothing is divided
  const cell = row < plan.cells ? row : row % plan.cells;
  const lattice = shown + <usize>(row - cell) * bytes;
  let neighbour = plan.neighbours + <usize>(cell * plan.copies << 2);
  for (let n = 0; n < plan.copies; n++) {
    const seen = load<i32>(neighbour);
    copyRow(seen < 0 ? plan.zeros : lattice + <usize>seen * bytes, to, bytes);
    neighbour += 4;
    to += bytes;
  }
  if (plan.sums > 0) addUp(plan, lattice, plan.offsets + (<usize>cell << 2), to);
}

/** The sums over the edges of one cell, each a chain over the edges in their order; two sums at once. */
function addUp(plan: Plan, lattice: usize, offset: usize, to: usize): void {
  const bytes = plan.channelBytes;
  const stride = <usize>plan.sums << 2;
  const first = <usize>load<i32>(offset);
  const edge = plan.sources + (first << 2);
  const end = plan.sources + (<usize>load<i32>(offset, 4) << 2);
  let weights = plan.weights + first * stride;
  let sum = plan.sums;
  for (; sum >= 2; sum -= 2) {
    let i: usize = 0;
    for (; i + 48 <= bytes; i += 48) pair12(lattice + i, bytes, edge, end, weights, stride, to + i, to + i + bytes);
    for (; i < bytes; i += 16) pair4(lattice + i, bytes, edge, end, weights, stride, to + i, to + i + bytes);
    weights += 8;
    to += 2 * bytes;
  }
  if (sum === 0) return;
  for (let i: usize = 0; i < bytes; i += 16) single4(lattice + i, bytes, edge, end, weights, stride, to + i);
}

function pair12(shown: usize, bytes: usize, edge: usize, end: usize, weight: usize, stride: usize, to: usize, next: usize): void {
  let a0 = f32x4.splat(0);
  let a1 = a0;
  let a2 = a0;
  let b0 = a0;
  let b1 = a0;
  let b2 = a0;
  for (; edge < end; edge += 4) {
    const from = shown + <usize>load<i32>(edge) * bytes;
    const x0 = v128.load(from);
    const x1 = v128.load(from, 16);
    const x2 = v128.load(from, 32);
    const u = v128.load32_splat(weight);
    a0 = plusProduct(a0, u, x0);
    a1 = plusProduct(a1, u, x1);
    a2 = plusProduct(a2, u, x2);
    const v = v128.load32_splat(weight, 4);
    b0 = plusProduct(b0, v, x0);
    b1 = plusProduct(b1, v, x1);
    b2 = plusProduct(b2, v, x2);
    weight += stride;
  }
  v128.store(to, a0);
  v128.store(to, a1, 16);
  v128.store(to, a2, 32);
  v128.store(next, b0);
  v128.store(next, b1, 16);
  v128.store(next, b2, 32);
}

function pair4(shown: usize, bytes: usize, edge: usize, end: usize, weight: usize, stride: usize, to: usize, next: usize): void {
  let a = f32x4.splat(0);
  let b = a;
  for (; edge < end; edge += 4) {
    const x = v128.load(shown + <usize>load<i32>(edge) * bytes);
    a = plusProduct(a, v128.load32_splat(weight), x);
    b = plusProduct(b, v128.load32_splat(weight, 4), x);
    weight += stride;
  }
  v128.store(to, a);
  v128.store(next, b);
}

function single4(shown: usize, bytes: usize, edge: usize, end: usize, weight: usize, stride: usize, to: usize): void {
  let sum = f32x4.splat(0);
  for (; edge < end; edge += 4) {
    sum = plusProduct(sum, v128.load32_splat(weight), v128.load(shown + <usize>load<i32>(edge) * bytes));
    weight += stride;
  }
  v128.store(to, sum);
}
