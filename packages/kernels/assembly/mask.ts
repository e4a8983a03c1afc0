// Counter-based masks: src/random/cell-hash.ts, sixteen cells at once.

@inline function mix(x: i32): i32 {
  x = (x ^ (x >>> 16)) * 0x7feb352d;
  x = (x ^ (x >>> 15)) * <i32>0x846ca68b;
  return x ^ (x >>> 16);
}

// What the loop needs again and again is loaded before it: constants would be made anew in every turn.
const COEFFICIENTS: usize = memory.data<i32>([0x7feb352d, <i32>0x846ca68b, <i32>0x80000000, 4]);

@inline function mix4(x: v128, first: v128, second: v128): v128 {
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 16)), first);
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 15)), second);
  return v128.xor(x, i32x4.shr_u(x, 16));
}

/** -1 where the hash of four neighbouring cells is below a limit, else 0; both are compared less 2^31, as signed numbers. */
@inline function fires4(cells: v128, key: v128, added: v128, limit: v128, first: v128, second: v128, half: v128): v128 {
  const hash = mix4(i32x4.add(mix4(v128.xor(cells, key), first, second), added), first, second);
  return i32x4.lt_s(v128.xor(hash, half), limit);
}

/** A byte for each of so many cells from `first` on, 1 where its hash is below `limit`; whole groups of 16 are written. */
export function cellMask(seed: i32, first: i32, limit: i32, out: usize, count: i32): void {
  const key = mix(seed ^ <i32>0x9e3779b9);
  const keys = i32x4.splat(key);
  const added = i32x4.splat(key * <i32>0x85ebca6b);
  const f = v128.load32_splat(COEFFICIENTS);
  const g = v128.load32_splat(COEFFICIENTS, 4);
  const half = v128.load32_splat(COEFFICIENTS, 8);
  const four = v128.load32_splat(COEFFICIENTS, 12);
  const limits = v128.xor(i32x4.splat(limit), half);
  let cells = i32x4.add(i32x4.splat(first), i32x4(0, 1, 2, 3));
  for (const end = out + <usize>count; out < end; out += 16) {
    const a = fires4(cells, keys, added, limits, f, g, half);
    cells = i32x4.add(cells, four);
    const b = fires4(cells, keys, added, limits, f, g, half);
    cells = i32x4.add(cells, four);
    const c = fires4(cells, keys, added, limits, f, g, half);
    cells = i32x4.add(cells, four);
    const d = fires4(cells, keys, added, limits, f, g, half);
    cells = i32x4.add(cells, four);
    const low = i16x8.narrow_i32x4_s(a, b);
    const high = i16x8.narrow_i32x4_s(c, d);
    v128.store(out, i8x16.neg(i8x16.narrow_i16x8_s(low, high)));
  }
}
