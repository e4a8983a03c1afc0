// Sums of products over the neurons that are on. A neuron that is off would add an exact zero to sums that began at zero, so
// leaving it out leaves the same bits, as long as all numbers are finite; one that is not a number counts as off.
import { plusProduct } from "../product";

/** For each set of four lanes, its bits times 16 away, the bytes that move them to the front. */
const PACK: usize = memory.data(256, 16);
for (let set: u32 = 0; set < 16; set++) {
  let to = PACK + (set << 4);
  for (let lane: u32 = 0; lane < 4; lane++) {
    if ((set >> lane & 1) === 0) continue;
    store<u32>(to, 0x03020100 + lane * 0x04040404);
    to += 4;
  }
}

/** Writes those of four places that are in a set; returns where the next ones go. */
@inline function put(places: v128, set: usize, list: usize): usize {
  v128.store(list, i8x16.swizzle(places, v128.load(PACK + set)));
  return list + (<usize>popcnt<u32>(<u32>set) << 2);
}

/** Lists which of some neurons are on, as distances in bytes from the first. @returns end of the list */
export function listRow(neurons: usize, bytes: usize, list: usize): usize {
  let places = i32x4(0, 4, 8, 12);
  for (let i: usize = 0; i < bytes; i += 16) {
    const on = f32x4.gt(v128.load(neurons + i), f32x4.splat(0));
    list = put(places, <usize>i32x4.bitmask(on) << 4, list);
    places = i32x4.add(places, i32x4.splat(16));
  }
  return list;
}

/**
 * Lists for each of some neurons in which rows it is on, as distances in bytes from the first. Each list begins with its
 * end, and has room for all rows and four more.
 *
 * @param count neurons, a multiple of 4
 * @param stride distance of rows in bytes
 * @param rows a multiple of 4
 * @param room distance of lists in bytes
 */
export function listColumns(neurons: usize, count: usize, stride: usize, rows: usize, lists: usize, room: usize): void {
  const step = i32x4.splat(<i32>stride << 2);
  const bytes = rows * stride;
  for (; count > 0; count -= 4) {
    let list0 = lists + 4;
    let list1 = list0 + room;
    let list2 = list1 + room;
    let list3 = list2 + room;
    let places = i32x4.mul(i32x4.splat(<i32>stride), i32x4(0, 1, 2, 3));
    for (let at = neurons; at < neurons + bytes; at += stride << 2) {
      const third = at + (stride << 1);
      const first = v128.or(marked(at, 16), marked(at + stride, 32));
      const sets = v128.or(first, v128.or(marked(third, 64), marked(third + stride, 128)));
      list0 = put(places, i32x4.extract_lane(sets, 0), list0);
      list1 = put(places, i32x4.extract_lane(sets, 1), list1);
      list2 = put(places, i32x4.extract_lane(sets, 2), list2);
      list3 = put(places, i32x4.extract_lane(sets, 3), list3);
      places = i32x4.add(places, step);
    }
    store<usize>(lists, list0);
    store<usize>(lists + room, list1);
    store<usize>(lists + 2 * room, list2);
    store<usize>(lists + 3 * room, list3);
    lists += room << 2;
    neurons += 16;
  }
}

/** A bit in each of four lanes whose neuron is on. */
@inline function marked(neurons: usize, bit: i32): v128 {
  return v128.and(f32x4.gt(v128.load(neurons), f32x4.splat(0)), i32x4.splat(bit));
}

/** Sums up a row for every listed neuron, times its factor, and adds the sum to what stands at `to`; for neurons that follow each other, and so do rows. */
export function addSum(list: usize, end: usize, factors: usize, rows: usize, bytes: usize, to: usize): void {
  let j: usize = 0;
  for (; j + 192 <= bytes; j += 192) add12(list, end, factors, rows + j, bytes >> 2, to + j, true);
  for (; j + 128 <= bytes; j += 128) add8(list, end, factors, rows + j, bytes >> 2, to + j, true);
  for (; j < bytes; j += 32) add2(list, end, factors, rows + j, bytes >> 2, to + j, true);
}

/** For each neuron, adds a row for every listed place where it is on, times its factor there, to what stands at `to`. */
export function addColumns(lists: usize, room: usize, count: usize, factors: usize, rows: usize, bytes: usize, to: usize): void {
  let j: usize = 0;
  for (; j + 192 <= bytes; j += 192) {
    for (let k: usize = 0; k < count; k++) {
      const list = lists + k * room;
      add12(list + 4, load<usize>(list), factors + (k << 2), rows + j, 1, to + k * bytes + j, false);
    }
  }
  for (; j + 128 <= bytes; j += 128) {
    for (let k: usize = 0; k < count; k++) {
      const list = lists + k * room;
      add8(list + 4, load<usize>(list), factors + (k << 2), rows + j, 1, to + k * bytes + j, false);
    }
  }
  for (; j < bytes; j += 32) {
    for (let k: usize = 0; k < count; k++) {
      const list = lists + k * room;
      add2(list + 4, load<usize>(list), factors + (k << 2), rows + j, 1, to + k * bytes + j, false);
    }
  }
}

@inline function finish(to: usize, sum: v128, fresh: bool): void {
  v128.store(to, fresh ? f32x4.add(v128.load(to), sum) : sum);
}

/** 48 columns. */
@inline function add12(list: usize, end: usize, factors: usize, rows: usize, stride: usize, to: usize, fresh: bool): void {
  let s0 = fresh ? f32x4.splat(0) : v128.load(to);
  let s1 = fresh ? f32x4.splat(0) : v128.load(to, 16);
  let s2 = fresh ? f32x4.splat(0) : v128.load(to, 32);
  let s3 = fresh ? f32x4.splat(0) : v128.load(to, 48);
  let s4 = fresh ? f32x4.splat(0) : v128.load(to, 64);
  let s5 = fresh ? f32x4.splat(0) : v128.load(to, 80);
  let s6 = fresh ? f32x4.splat(0) : v128.load(to, 96);
  let s7 = fresh ? f32x4.splat(0) : v128.load(to, 112);
  let s8 = fresh ? f32x4.splat(0) : v128.load(to, 128);
  let s9 = fresh ? f32x4.splat(0) : v128.load(to, 144);
  let s10 = fresh ? f32x4.splat(0) : v128.load(to, 160);
  let s11 = fresh ? f32x4.splat(0) : v128.load(to, 176);
  for (; list < end; list += 4) {
    const neuron = load<usize>(list);
    const row = rows + neuron * stride;
    const a = v128.load32_splat(factors + neuron);
    s0 = plusProduct(s0, a, v128.load(row));
    s1 = plusProduct(s1, a, v128.load(row, 16));
    s2 = plusProduct(s2, a, v128.load(row, 32));
    s3 = plusProduct(s3, a, v128.load(row, 48));
    s4 = plusProduct(s4, a, v128.load(row, 64));
    s5 = plusProduct(s5, a, v128.load(row, 80));
    s6 = plusProduct(s6, a, v128.load(row, 96));
    s7 = plusProduct(s7, a, v128.load(row, 112));
    s8 = plusProduct(s8, a, v128.load(row, 128));
    s9 = plusProduct(s9, a, v128.load(row, 144));
    s10 = plusProduct(s10, a, v128.load(row, 160));
    s11 = plusProduct(s11, a, v128.load(row, 176));
  }
  finish(to, s0, fresh);
  finish(to + 16, s1, fresh);
  finish(to + 32, s2, fresh);
  finish(to + 48, s3, fresh);
  finish(to + 64, s4, fresh);
  finish(to + 80, s5, fresh);
  finish(to + 96, s6, fresh);
  finish(to + 112, s7, fresh);
  finish(to + 128, s8, fresh);
  finish(to + 144, s9, fresh);
  finish(to + 160, s10, fresh);
  finish(to + 176, s11, fresh);
}

/** 32 columns. */
@inline function add8(list: usize, end: usize, factors: usize, rows: usize, stride: usize, to: usize, fresh: bool): void {
  let s0 = fresh ? f32x4.splat(0) : v128.load(to);
  let s1 = fresh ? f32x4.splat(0) : v128.load(to, 16);
  let s2 = fresh ? f32x4.splat(0) : v128.load(to, 32);
  let s3 = fresh ? f32x4.splat(0) : v128.load(to, 48);
  let s4 = fresh ? f32x4.splat(0) : v128.load(to, 64);
  let s5 = fresh ? f32x4.splat(0) : v128.load(to, 80);
  let s6 = fresh ? f32x4.splat(0) : v128.load(to, 96);
  let s7 = fresh ? f32x4.splat(0) : v128.load(to, 112);
  for (; list < end; list += 4) {
    const neuron = load<usize>(list);
    const row = rows + neuron * stride;
    const a = v128.load32_splat(factors + neuron);
    s0 = plusProduct(s0, a, v128.load(row));
    s1 = plusProduct(s1, a, v128.load(row, 16));
    s2 = plusProduct(s2, a, v128.load(row, 32));
    s3 = plusProduct(s3, a, v128.load(row, 48));
    s4 = plusProduct(s4, a, v128.load(row, 64));
    s5 = plusProduct(s5, a, v128.load(row, 80));
    s6 = plusProduct(s6, a, v128.load(row, 96));
    s7 = plusProduct(s7, a, v128.load(row, 112));
  }
  finish(to, s0, fresh);
  finish(to + 16, s1, fresh);
  finish(to + 32, s2, fresh);
  finish(to + 48, s3, fresh);
  finish(to + 64, s4, fresh);
  finish(to + 80, s5, fresh);
  finish(to + 96, s6, fresh);
  finish(to + 112, s7, fresh);
}

/** 8 columns. */
@inline function add2(list: usize, end: usize, factors: usize, rows: usize, stride: usize, to: usize, fresh: bool): void {
  let s0 = fresh ? f32x4.splat(0) : v128.load(to);
  let s1 = fresh ? f32x4.splat(0) : v128.load(to, 16);
  for (; list < end; list += 4) {
    const neuron = load<usize>(list);
    const row = rows + neuron * stride;
    const a = v128.load32_splat(factors + neuron);
    s0 = plusProduct(s0, a, v128.load(row));
    s1 = plusProduct(s1, a, v128.load(row, 16));
  }
  finish(to, s0, fresh);
  finish(to + 16, s1, fresh);
}
