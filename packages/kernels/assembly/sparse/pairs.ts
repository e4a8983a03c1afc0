// Pair learning, context by context; src/sparse/pairs-reference.ts is the same rule, pair by pair. What a plan begins with is
// said in chunks.ts; then come: scratch, parts begun, seed, negatives, and gain, loss and bound as float32.

function mix(x: u32): u32 {
  x = (x ^ (x >> 16)) * 0x7feb352d;
  x = (x ^ (x >> 15)) * 0x846ca68b;
  return x ^ (x >> 16);
}

/** `cellHash(seed, index)`. */
@inline function cellHash(seed: u32, index: u32): u32 {
  const key = mix(seed ^ 0x9e3779b9);
  return mix(mix(index ^ key) + key * 0x85ebca6b);
}

/** `mix` of four numbers. */
@inline function mix4(x: v128): v128 {
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 16)), i32x4.splat(0x7feb352d));
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 15)), i32x4.splat(<i32>0x846ca68b));
  return v128.xor(x, i32x4.shr_u(x, 16));
}

/** Addresses of what four draws hit in a row: the high words of `draw * width`. */
@inline function hit(draws: v128, widths: v128, row: v128): v128 {
  const low = i64x2.extmul_low_i32x4_u(draws, widths);
  const high = i64x2.extmul_high_i32x4_u(draws, widths);
  const places = i8x16.shuffle(low, high, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
  return i32x4.add(row, i32x4.shl(places, 2));
}

/** Bounds are compared in vectors, which needs no branch. */
@inline function raise(weight: usize, by: v128, most: v128): void {
  v128.store_lane<f32>(weight, f32x4.pmin(f32x4.add(v128.load32_zero(weight), by), most), 0);
}

@inline function lower(weight: usize, by: v128, least: v128): void {
  v128.store_lane<f32>(weight, f32x4.pmax(f32x4.sub(v128.load32_zero(weight), by), least), 0);
}

/** Learns the pair whose addresses stand below each other: that of its own weight, then those of the draws. */
@inline function learnPair(column: usize, negatives: usize, known: bool, gain: v128, most: v128, loss: v128, least: v128): void {
  raise(load<u32>(column), gain, most);
  if (known) {
    lower(load<u32>(column, 16), loss, least);
    lower(load<u32>(column, 32), loss, least);
    if (negatives > 2) lower(load<u32>(column, 48), loss, least);
    if (negatives > 3) lower(load<u32>(column, 64), loss, least);
    if (negatives > 4) lower(load<u32>(column, 80), loss, least);
  } else {
    for (let end = column + (negatives << 4); column < end; column += 16) lower(load<u32>(column, 16), loss, least);
  }
}

/** Keeps reads that only fetch from being taken out. */
let fetched: i32 = 0;

/** Reads the chunks of a context, which lie anywhere, and a row that is dense enough, before the pairs need them. */
@inline function fetch(chunk: usize, lastChunk: usize, row: usize, rowEnd: usize): void {
  let seen: i32 = 0;
  const dense = (lastChunk - chunk) << FETCH_FROM > rowEnd - row;
  for (; chunk < lastChunk; chunk += 4) seen |= load<i32>(load<u32>(chunk));
  if (dense) for (; row < rowEnd; row += 64) seen |= load<i32>(row);
  fetched = seen;
}

/** A row is dense enough from one chunk for every 1,024 weights on: 4 bytes of `chunks` for 4,096. */
const FETCH_FROM: usize = 10;

/** All pairs of the contexts from `first` to before `end`: the row of a context stays in the cache while it learns. */
@inline function learn(plan: usize, first: u32, end: u32, negatives: usize, known: bool): void {
  const width = load<u32>(plan, 4);
  let ends = <usize>load<u32>(plan, 36) + (<usize>first << 2);
  let lasts = <usize>load<u32>(plan, 24) + (<usize>first << 2);
  // parts that run at the same time have their own
  const scratch = <usize>load<u32>(plan, 44) + <usize>atomic.add<u32>(plan + 48, 1) * ((1 + negatives) << 4);
  const seed = load<u32>(plan, 52);
  const gain = f32x4.splat(load<f32>(plan, 60));
  const loss = f32x4.splat(load<f32>(plan, 64));
  const most = f32x4.splat(load<f32>(plan, 68));
  const least = f32x4.splat(-load<f32>(plan, 68));
  const widths = i32x4.splat(width);
  const rowBytes = <usize>width << 2;
  let row = <usize>load<u32>(plan) + <usize>first * rowBytes;
  let chunk: usize = load<u32>(ends);
  for (let context = first; context < end; context++) {
    const rows = i32x4.splat(<i32>row);
    const own = i32x4.splat(cellHash(seed, context));
    const behind = <usize>load<u32>(lasts) + 2;
    const lastChunk: usize = load<u32>(ends, 4);
    let count = i32x4(0, 1, 2, 3);
    fetch(chunk, lastChunk, row, row + rowBytes);
    for (; chunk < lastChunk; chunk += 4) {
      let at: usize = load<u32>(chunk);
      const stop = chunk + 4 === lastChunk ? behind : at + 64;
      for (; at < stop; at += 8) {
        v128.store(scratch, i32x4.add(rows, i32x4.shl(v128.load16x4_u(at), 2)));
        let draws = mix4(v128.xor(count, own));
        for (let to = scratch, to1 = scratch + (negatives << 4); to < to1; to += 16) {
          v128.store(to, hit(draws, widths, rows), 16);
          draws = i32x4.mul(draws, i32x4.splat(<i32>0x9e3779b1));
        }
        count = i32x4.add(count, i32x4.splat(4));
        if (stop - at >= 8) {
          learnPair(scratch, negatives, known, gain, most, loss, least);
          learnPair(scratch + 4, negatives, known, gain, most, loss, least);
          learnPair(scratch + 8, negatives, known, gain, most, loss, least);
          learnPair(scratch + 12, negatives, known, gain, most, loss, least);
        } else {
          for (let column = scratch, last = scratch + ((stop - at) << 1); column < last; column += 4) {
            learnPair(column, negatives, known, gain, most, loss, least);
          }
        }
      }
    }
    ends += 4;
    lasts += 4;
    row += rowBytes;
  }
}

/** Any number of words drawn against each pair. */
export function learnRows(plan: usize, first: u32, end: u32): void {
  learn(plan, first, end, load<u32>(plan, 56), false);
}

// numbers that are common, known when the loops are compiled

export function learnRows2(plan: usize, first: u32, end: u32): void {
  learn(plan, first, end, 2, true);
}

export function learnRows3(plan: usize, first: u32, end: u32): void {
  learn(plan, first, end, 3, true);
}

export function learnRows4(plan: usize, first: u32, end: u32): void {
  learn(plan, first, end, 4, true);
}

export function learnRows5(plan: usize, first: u32, end: u32): void {
  learn(plan, first, end, 5, true);
}
