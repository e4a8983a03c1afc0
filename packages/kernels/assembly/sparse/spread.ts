// One step of spreading activation over synapses in slices; src/sparse/slices.ts lays them out, and
// src/sparse/spread-reference.ts is the same in plain loops. A slice has eight lanes: eight rows side by side, or one long row
// in eight pieces. Its steps hold the addresses of eight activations, and as many strengths.
// A plan is a row of addresses: starts of the slices (in steps), their rows (eight each), senders, strengths, activation,
// thresholds, sent, next; then whether strengths are float32 (1) or float64 (0).
import { BITS, MAGIC } from "./grid";

/** What each neuron sends: its activation from its threshold on, otherwise 0. */
export function fire(plan: usize, rows: u32): void {
  let activation: usize = load<u32>(plan, 16);
  let thresholds: usize = load<u32>(plan, 20);
  let sent: usize = load<u32>(plan, 24);
  const end = sent + (<usize>rows << 2);
  // the arrays have room for whole vectors
  for (; sent < end; sent += 16) {
    const now = v128.load(activation);
    v128.store(sent, v128.and(now, f32x4.ge(now, v128.load(thresholds))));
    activation += 16;
    thresholds += 16;
  }
}

/** What two synapses carry, rounded to the grid, above the bits of MAGIC. */
@inline function carried(senders: usize, strengths: usize, single: bool): v128 {
  const two = v128.load_lane<f32>(load<u32>(senders, 4), v128.load32_zero(load<u32>(senders)), 1);
  const strength = single ? f64x2.promote_low_f32x4(v128.load64_zero(strengths)) : v128.load(strengths);
  return f64x2.add(f64x2.mul(f64x2.promote_low_f32x4(two), strength), f64x2.splat(MAGIC));
}

/** Two sums of as many bits of MAGIC as `bits` has, as activations in float32, in the two low lanes. */
@inline function bounded(sums: v128, bits: v128): v128 {
  const exact = f64x2.sub(i64x2.sub(sums, bits), f64x2.splat(MAGIC));
  return f32x4.demote_f64x2_zero(f64x2.pmin(f64x2.pmax(exact, f64x2.splat(0)), f64x2.splat(1)));
}

@inline function storeAt(next: usize, rows: usize, values: v128): void {
  v128.store_lane<f32>(next + (<usize>load<u32>(rows) << 2), values, 0);
  v128.store_lane<f32>(next + (<usize>load<u32>(rows, 4) << 2), values, 1);
}

/** Sums are integers, whose order does not matter. */
export function spreadSlices(plan: usize, first: u32, end: u32): void {
  if (load<u32>(plan, 32)) sumSlices(plan, first, end, true);
  else sumSlices(plan, first, end, false);
}

@inline function sumSlices(plan: usize, first: u32, end: u32, single: bool): void {
  const two: usize = single ? 8 : 16;
  const next: usize = load<u32>(plan, 28);
  let starts = <usize>load<u32>(plan) + (<usize>first << 2);
  let rows = <usize>load<u32>(plan, 4) + (<usize>first << 5);
  let start: usize = load<u32>(starts);
  let senders = <usize>load<u32>(plan, 8) + (start << 5);
  let strengths = <usize>load<u32>(plan, 12) + start * two * 4;
  for (const last = rows + (<usize>(end - first) << 5); rows < last; rows += 32) {
    const stop: usize = load<u32>(starts, 4);
    const whole = senders + ((stop - start) << 5);
    let a = i64x2.splat(0);
    let b = i64x2.splat(0);
    let c = i64x2.splat(0);
    let d = i64x2.splat(0);
    for (; senders < whole; senders += 32) {
      a = i64x2.add(a, carried(senders, strengths, single));
      b = i64x2.add(b, carried(senders + 8, strengths + two, single));
      c = i64x2.add(c, carried(senders + 16, strengths + 2 * two, single));
      d = i64x2.add(d, carried(senders + 24, strengths + 3 * two, single));
      strengths += 4 * two;
    }
    const bits = i64x2.splat(<i64>(stop - start - 1) * BITS);
    if (load<u32>(rows) === load<u32>(rows, 4)) {
      const all = i64x2.add(i64x2.add(a, b), i64x2.add(c, d));
      const rest = i64x2.splat(<i64>((stop - start) << 3) * BITS - BITS);
      const sum = i64x2.add(all, i8x16.shuffle(all, all, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
      v128.store_lane<f32>(next + (<usize>load<u32>(rows) << 2), bounded(sum, rest), 0);
    } else {
      storeAt(next, rows, bounded(a, bits));
      storeAt(next, rows + 8, bounded(b, bits));
      storeAt(next, rows + 16, bounded(c, bits));
      storeAt(next, rows + 24, bounded(d, bits));
    }
    starts += 4;
    start = stop;
  }
}
