// Pair learning, context by context; src/sparse/pairs-reference.ts is the same rule, pair by pair. A plan is a row of words:
// weights, width, contexts, words, ends, sorted, pairs, height, seed, negatives, then gain, loss and bound as float32.

/** Counting sort of the words by their contexts, which keeps their order; `ends` holds where each context ends. */
export function sortPairs(plan: usize): void {
  const contexts: usize = load<u32>(plan, 8);
  const words: usize = load<u32>(plan, 12);
  const ends: usize = load<u32>(plan, 16);
  const sorted: usize = load<u32>(plan, 20);
  const bytes = <usize>load<u32>(plan, 24) << 1;
  const last = ends + (<usize>load<u32>(plan, 28) << 2);
  memory.fill(ends, 0, last + 4 - ends);
  for (let at: usize = 0; at < bytes; at += 2) {
    const count = ends + (<usize>load<u16>(contexts + at) << 2);
    store<u32>(count, load<u32>(count, 4) + 1, 4);
  }
  for (let at = ends; at < last; at += 4) store<u32>(at, load<u32>(at, 4) + load<u32>(at), 4);
  for (let at: usize = 0; at < bytes; at += 2) {
    const place = ends + (<usize>load<u16>(contexts + at) << 2);
    const to = load<u32>(place);
    store<u32>(place, to + 1);
    store<u16>(sorted + (<usize>to << 1), load<u16>(words + at));
  }
}

@inline function mix(x: u32): u32 {
  x = (x ^ (x >> 16)) * 0x7feb352d;
  x = (x ^ (x >> 15)) * 0x846ca68b;
  return x ^ (x >> 16);
}

/** `cellHash(seed, index)`. */
@inline function cellHash(seed: u32, index: u32): u32 {
  const key = mix(seed ^ 0x9e3779b9);
  return mix(mix(index ^ key) + key * 0x85ebca6b);
}

/** Bounds are compared in vectors, which needs no branch. */
@inline function raise(weight: usize, by: v128, most: v128): void {
  v128.store_lane<f32>(weight, f32x4.pmin(f32x4.add(v128.load32_zero(weight), by), most), 0);
}

@inline function lower(weight: usize, by: v128, least: v128): void {
  v128.store_lane<f32>(weight, f32x4.pmax(f32x4.sub(v128.load32_zero(weight), by), least), 0);
}

/** Keeps the reads of `fetch` from being taken out. */
let fetched: i32 = 0;

/** Reads a row from front to back, which brings it into the cache sooner than the pairs would, who need it in any order. */
@inline function fetch(row: usize, end: usize): void {
  let seen: i32 = 0;
  for (; row < end; row += 64) seen |= load<i32>(row);
  fetched = seen;
}

/** Pairs for every so many words of a row from which reading all of it first is faster. */
const FETCH_FROM: u32 = 32;

/** All pairs of the contexts from `first` to before `end`: the row of a context stays in the cache while it learns. */
export function learnRows(plan: usize, first: u32, end: u32): void {
  const width = load<u32>(plan, 4);
  const ends: usize = load<u32>(plan, 16);
  const sorted: usize = load<u32>(plan, 20);
  const seed = load<u32>(plan, 32);
  const negatives = load<u32>(plan, 36);
  const gain = f32x4.splat(load<f32>(plan, 40));
  const loss = f32x4.splat(load<f32>(plan, 44));
  const most = f32x4.splat(load<f32>(plan, 48));
  const least = f32x4.splat(-load<f32>(plan, 48));
  const rowBytes = <usize>width << 2;
  let row = <usize>load<u32>(plan) + <usize>first * rowBytes;
  for (let context = first; context < end; context++) {
    const start: u32 = context === 0 ? 0 : load<u32>(ends + (<usize>(context - 1) << 2));
    const stop = load<u32>(ends + (<usize>context << 2));
    const own = cellHash(seed, context);
    if ((stop - start) * FETCH_FROM > width) fetch(row, row + rowBytes);
    for (let place = start; place < stop; place++) {
      raise(row + (<usize>load<u16>(sorted + (<usize>place << 1)) << 2), gain, most);
      let draw = mix((place - start) ^ own);
      for (let left = negatives; left > 0; left--) {
        lower(row + (<usize>((<u64>draw * <u64>width) >> 32) << 2), loss, least);
        draw *= 0x9e3779b1;
      }
    }
    row += rowBytes;
  }
}
