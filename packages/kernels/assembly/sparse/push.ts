// One step of spreading activation from the active neurons alone; src/sparse/push-reference.ts is the same in plain loops. A
// plan is a row of words: records of the neurons (first synapse, the one behind the last, threshold, decay), synapses (target
// and strength, 8 bytes, or 16 where strengths are float64), neurons, activations, sums, marks, rows, whether strengths are
// float32 (1) or float64 (0).
import { BITS, MAGIC } from "./grid";

/** What a synapse carries, in steps of 2^-32. */
@inline function carried(value: f64, strength: f64): i64 {
  return reinterpret<i64>(value * strength + MAGIC) - BITS;
}

@inline function add(sums: usize, marks: usize, row: usize, carries: i64): void {
  const sum = sums + (row << 3);
  store<i64>(sum, load<i64>(sum) + carries);
  store<u8>(marks + row, 0x80);
}

/** Replaces `count` active neurons by those that are active afterwards, in the order of rows. @returns how many */
export function push(plan: usize, count: u32): u32 {
  const neurons: usize = load<u32>(plan, 8);
  const last = neurons + (<usize>count << 2);
  for (let at = neurons; at < last; at += SOME) {
    const behind = min<usize>(last, at + SOME);
    if (load<u32>(plan, 28)) send(plan, at, behind, true);
    else send(plan, at, behind, false);
  }
  return collect(plan);
}

/** Bytes of neurons that send one after the other: 64 of them. */
const SOME: usize = 256;

/** Keeps reads that only fetch from being taken out. */
let fetched: i32 = 0;

/** Synapses begin anywhere: reading the first of some neurons at once takes hardly longer than that of one. */
@inline function fetch(plan: usize, neurons: usize, last: usize, shift: usize): void {
  const records: usize = load<u32>(plan);
  const entries: usize = load<u32>(plan, 4);
  let seen: i32 = 0;
  for (let at = neurons; at < last; at += 4) seen |= load<i32>(records + (<usize>load<u32>(at) << 4));
  for (let at = neurons; at < last; at += 4) {
    const slot: usize = load<u32>(records + (<usize>load<u32>(at) << 4));
    seen |= load<i32>(entries + (slot << shift));
  }
  fetched = seen;
}

/** Adds up what the neurons from an address to before another keep and send. */
@inline function send(plan: usize, neurons: usize, last: usize, single: bool): void {
  const shift: usize = single ? 3 : 4;
  const records: usize = load<u32>(plan);
  const entries: usize = load<u32>(plan, 4);
  const sums: usize = load<u32>(plan, 16);
  const marks: usize = load<u32>(plan, 20);
  let activations = <usize>load<u32>(plan, 12) + neurons - <usize>load<u32>(plan, 8);
  fetch(plan, neurons, last, shift);
  for (; neurons < last; neurons += 4) {
    const row: usize = load<u32>(neurons);
    const record = records + (row << 4);
    const activation = load<f32>(activations);
    const value = <f64>activation;
    activations += 4;
    const decay = load<f32>(record, 12);
    if (decay > 0) add(sums, marks, row, carried(value, <f64>decay));
    if (!(activation >= load<f32>(record, 8))) continue;
    let entry = entries + (<usize>load<u32>(record) << shift);
    const end = entries + (<usize>load<u32>(record, 4) << shift);
    for (; entry < end; entry += 1 << shift) {
      const strength = single ? <f64>load<f32>(entry, 4) : load<f64>(entry, 8);
      add(sums, marks, load<u32>(entry), carried(value, strength));
    }
  }
}

/** What was marked and is above 0, bounded; clears marks and sums. */
function collect(plan: usize): u32 {
  const sums: usize = load<u32>(plan, 16);
  const marks: usize = load<u32>(plan, 20);
  const end = marks + <usize>load<u32>(plan, 24);
  const first: usize = load<u32>(plan, 8);
  let neurons = first;
  let activations: usize = load<u32>(plan, 12);
  // marks have room for whole vectors
  for (let mark = marks; mark < end; mark += 16) {
    let set = i8x16.bitmask(v128.load(mark));
    if (set === 0) continue;
    v128.store(mark, i64x2.splat(0));
    for (; set !== 0; set &= set - 1) {
      const row = mark - marks + <usize>ctz(set);
      const sum = reinterpret<f64>(load<i64>(sums + (row << 3)) + BITS) - MAGIC;
      store<i64>(sums + (row << 3), 0);
      // without a branch: the next row overwrites one that stays dark
      store<u32>(neurons, <u32>row);
      store<f32>(activations, <f32>(sum >= 1 ? 1 : sum));
      const lit: usize = <usize>(sum > 0) << 2;
      neurons += lit;
      activations += lit;
    }
  }
  return <u32>((neurons - first) >> 2);
}
