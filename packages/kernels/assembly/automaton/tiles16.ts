// Rows of 16-bit codes times a matrix of 8-bit codes, in pairs of the inner index: integer sums, which are exact. `w` is
// [inner / 2, width] pairs. Sums become float32: times the column's factor, plus its bias. Steps in bytes.

/** What happens to a finished element: stored, stored as a code if positive, or added to `out` times the row's gate. */
const PLAIN = 0;
const CODED = 1;
const MIXED = 2;

/** Adding 1.5 * 2^23 leaves the nearest integer in the low bits. */
const ROUNDER: f32 = 12582912;

/** Nearest integers of eight numbers that lie in 16 bits. */
@inline export function codes(a: v128, b: v128): v128 {
  const shift = f32x4.splat(ROUNDER);
  return i16x8.narrow_i32x4_s(i32x4.sub(f32x4.add(a, shift), shift), i32x4.sub(f32x4.add(b, shift), shift));
}

@inline function finish(s0: v128, s1: v128, factor: usize, bias: usize, out: usize, gate: f32, mode: i32): void {
  const a = f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(s0), v128.load(factor)), v128.load(bias));
  const b = f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(s1), v128.load(factor, 16)), v128.load(bias, 16));
  if (mode === CODED) {
    const zero = f32x4.splat(0);
    v128.store(out, codes(f32x4.pmax(a, zero), f32x4.pmax(b, zero)));
  } else if (mode === MIXED) {
    const g = f32x4.splat(gate);
    v128.store(out, f32x4.add(v128.load(out), f32x4.mul(a, g)));
    v128.store(out, f32x4.add(v128.load(out, 16), f32x4.mul(b, g)), 16);
  } else {
    v128.store(out, a);
    v128.store(out, b, 16);
  }
}

@inline function four(
  x0: usize, x1: usize, x2: usize, x3: usize, inner: usize, w: usize, width: usize,
  o0: usize, o1: usize, o2: usize, o3: usize, g0: f32, g1: f32, g2: f32, g3: f32, mode: i32,
): void {
  const factor = w + (inner >> 2) * width;
  const bias = factor + width;
  for (let j: usize = 0; j < width; j += 32) {
    let s00 = i32x4.splat(0);
    let s01 = s00;
    let s10 = s00;
    let s11 = s00;
    let s20 = s00;
    let s21 = s00;
    let s30 = s00;
    let s31 = s00;
    let from = w + j;
    for (let k: usize = 0; k < inner; k += 4) {
      const w0 = v128.load(from);
      const w1 = v128.load(from, 16);
      const a0 = v128.load32_splat(x0 + k);
      s00 = i32x4.add(s00, i32x4.dot_i16x8_s(a0, w0));
      s01 = i32x4.add(s01, i32x4.dot_i16x8_s(a0, w1));
      const a1 = v128.load32_splat(x1 + k);
      s10 = i32x4.add(s10, i32x4.dot_i16x8_s(a1, w0));
      s11 = i32x4.add(s11, i32x4.dot_i16x8_s(a1, w1));
      const a2 = v128.load32_splat(x2 + k);
      s20 = i32x4.add(s20, i32x4.dot_i16x8_s(a2, w0));
      s21 = i32x4.add(s21, i32x4.dot_i16x8_s(a2, w1));
      const a3 = v128.load32_splat(x3 + k);
      s30 = i32x4.add(s30, i32x4.dot_i16x8_s(a3, w0));
      s31 = i32x4.add(s31, i32x4.dot_i16x8_s(a3, w1));
      from += width;
    }
    const at = mode === CODED ? j >> 1 : j;
    finish(s00, s01, factor + j, bias + j, o0 + at, g0, mode);
    finish(s10, s11, factor + j, bias + j, o1 + at, g1, mode);
    finish(s20, s21, factor + j, bias + j, o2 + at, g2, mode);
    finish(s30, s31, factor + j, bias + j, o3 + at, g3, mode);
  }
}

/** Four consecutive rows of codes, and of float32 results. */
export function plain4(x: usize, inner: usize, w: usize, width: usize, out: usize): void {
  const x2 = x + 2 * inner;
  const o2 = out + 2 * width;
  four(x, x + inner, x2, x2 + inner, inner, w, width, out, out + width, o2, o2 + width, 1, 1, 1, 1, PLAIN);
}

/** Rows of codes anywhere, consecutive rows of codes. */
export function coded4(x0: usize, x1: usize, x2: usize, x3: usize, inner: usize, w: usize, width: usize, out: usize): void {
  const row = width >> 1;
  const o2 = out + 2 * row;
  four(x0, x1, x2, x3, inner, w, width, out, out + row, o2, o2 + row, 1, 1, 1, 1, CODED);
}

/** Consecutive rows of codes, rows of float32 results anywhere. */
export function mixed4(x: usize, inner: usize, w: usize, width: usize, o0: usize, o1: usize, o2: usize, o3: usize, g0: f32, g1: f32, g2: f32, g3: f32): void {
  const x2 = x + 2 * inner;
  four(x, x + inner, x2, x2 + inner, inner, w, width, o0, o1, o2, o3, g0, g1, g2, g3, MIXED);
}
