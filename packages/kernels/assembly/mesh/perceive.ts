import { Plan } from "./plan";
import { copyRow } from "./rows";

/** What one cell sees: some cells as they are, then weighted sums over its edges. */
export function perceive(plan: Plan, shown: usize, row: i32, to: usize): void {
  const bytes = plan.channelBytes;
  const cell = row % plan.cells;
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

/** The sums over the edges of one cell, each a chain over the edges in their order. */
function addUp(plan: Plan, lattice: usize, offset: usize, to: usize): void {
  const bytes = plan.channelBytes;
  const stride = <usize>plan.sums << 2;
  const first = <usize>load<i32>(offset);
  const edges = (<usize>load<i32>(offset, 4) - first) << 2;
  const sources = plan.sources + (first << 2);
  for (let sum: usize = 0; sum < stride; sum += 4) {
    const weights = plan.weights + first * stride + sum;
    let i: usize = 0;
    for (; i + 48 <= bytes; i += 48) {
      let s0 = f32x4.splat(0);
      let s1 = s0;
      let s2 = s0;
      let weight = weights;
      for (let e: usize = 0; e < edges; e += 4) {
        const from = lattice + <usize>load<i32>(sources + e) * bytes + i;
        const w = v128.load32_splat(weight);
        s0 = f32x4.add(s0, f32x4.mul(w, v128.load(from)));
        s1 = f32x4.add(s1, f32x4.mul(w, v128.load(from, 16)));
        s2 = f32x4.add(s2, f32x4.mul(w, v128.load(from, 32)));
        weight += stride;
      }
      v128.store(to + i, s0);
      v128.store(to + i, s1, 16);
      v128.store(to + i, s2, 32);
    }
    for (; i < bytes; i += 16) {
      let s = f32x4.splat(0);
      let weight = weights;
      for (let e: usize = 0; e < edges; e += 4) {
        const from = lattice + <usize>load<i32>(sources + e) * bytes + i;
        s = f32x4.add(s, f32x4.mul(v128.load32_splat(weight), v128.load(from)));
        weight += stride;
      }
      v128.store(to + i, s);
    }
    to += bytes;
  }
}
