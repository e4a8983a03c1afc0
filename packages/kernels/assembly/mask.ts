// Counter-based masks: src/random/cell-hash.ts, sixteen cells at once.

@inline function mix(x: i32): i32 {
  x = (x ^ (x >>> 16)) * 0x7feb352d;
  x = (x ^ (x >>> 15)) * <i32>0x846ca68b;
  return x ^ (x >>> 16);
}

@inline function mix4(x: v128): v128 {
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 16)), i32x4.splat(0x7feb352d));
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 15)), i32x4.splat(<i32>0x846ca68b));
  return v128.xor(x, i32x4.shr_u(x, 16));
}

/** -1 where the hash of four neighbouring cells is below a limit, else 0. */
@inline function fires4(cells: v128, key: v128, added: v128, limit: v128): v128 {
  return i32x4.lt_u(mix4(i32x4.add(mix4(v128.xor(cells, key)), added)), limit);
}

/** A byte for each of so many cells from `first` on, 1 where its hash is below `limit`; whole groups of 16 are written. */
export function cellMask(seed: i32, first: i32, limit: i32, out: usize, count: i32): void {
  const key = mix(seed ^ <i32>0x9e3779b9);
  const keys = i32x4.splat(key);
  const added = i32x4.splat(key * <i32>0x85ebca6b);
  const limits = i32x4.splat(limit);
  const one = i8x16.splat(1);
  let cells = i32x4.add(i32x4.splat(first), i32x4(0, 1, 2, 3));
  for (const end = out + <usize>count; out < end; out += 16) {
    const a = fires4(cells, keys, added, limits);
    const b = fires4(i32x4.add(cells, i32x4.splat(4)), keys, added, limits);
    const c = fires4(i32x4.add(cells, i32x4.splat(8)), keys, added, limits);
    const d = fires4(i32x4.add(cells, i32x4.splat(12)), keys, added, limits);
    const low = i16x8.narrow_i32x4_s(a, b);
    const high = i16x8.narrow_i32x4_s(c, d);
    v128.store(out, v128.and(i8x16.narrow_i16x8_s(low, high), one));
    cells = i32x4.add(cells, i32x4.splat(16));
  }
}
