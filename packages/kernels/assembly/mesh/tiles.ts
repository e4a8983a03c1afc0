// Rows times a matrix: `out = bias + x w`, one chain of rounded products and sums per element, over the inner index in
// increasing order. All lengths in bytes; widths are multiples of 16.
//
// Three rows by twelve columns fill the registers. The rows stand a fixed distance apart, so that one register addresses
// them all.

/** Distance of rows: no power of 2, so that they fall into different sets of the cache. */
export const ROW: usize = 4160;
/** Rows that are worked on together. */
export const ROWS: i32 = 3;

/** A matrix of any width. */
export function product(x: usize, inner: usize, w: usize, bias: usize, width: usize, out: usize): void {
  let j: usize = 0;
  for (; j + 48 <= width; j += 48) twelve(x, inner, w + j, bias + j, width, out + j);
  for (; j + 32 <= width; j += 32) eight(x, inner, w + j, bias + j, width, out + j);
  for (; j < width; j += 16) four(x, inner, w + j, bias + j, width, out + j);
}

function twelve(x: usize, inner: usize, w: usize, bias: usize, width: usize, out: usize): void {
  let s00 = v128.load(bias);
  let s01 = v128.load(bias, 16);
  let s02 = v128.load(bias, 32);
  let s10 = s00;
  let s11 = s01;
  let s12 = s02;
  let s20 = s00;
  let s21 = s01;
  let s22 = s02;
  const end = x + inner;
  for (; x < end; x += 4) {
    const w0 = v128.load(w);
    const w1 = v128.load(w, 16);
    const w2 = v128.load(w, 32);
    const a0 = v128.load32_splat(x);
    s00 = f32x4.add(s00, f32x4.mul(a0, w0));
    s01 = f32x4.add(s01, f32x4.mul(a0, w1));
    s02 = f32x4.add(s02, f32x4.mul(a0, w2));
    const a1 = v128.load32_splat(x, ROW);
    s10 = f32x4.add(s10, f32x4.mul(a1, w0));
    s11 = f32x4.add(s11, f32x4.mul(a1, w1));
    s12 = f32x4.add(s12, f32x4.mul(a1, w2));
    const a2 = v128.load32_splat(x, 2 * ROW);
    s20 = f32x4.add(s20, f32x4.mul(a2, w0));
    s21 = f32x4.add(s21, f32x4.mul(a2, w1));
    s22 = f32x4.add(s22, f32x4.mul(a2, w2));
    w += width;
  }
  v128.store(out, s00);
  v128.store(out, s01, 16);
  v128.store(out, s02, 32);
  v128.store(out, s10, ROW);
  v128.store(out, s11, ROW + 16);
  v128.store(out, s12, ROW + 32);
  v128.store(out, s20, 2 * ROW);
  v128.store(out, s21, 2 * ROW + 16);
  v128.store(out, s22, 2 * ROW + 32);
}

function eight(x: usize, inner: usize, w: usize, bias: usize, width: usize, out: usize): void {
  let s00 = v128.load(bias);
  let s01 = v128.load(bias, 16);
  let s10 = s00;
  let s11 = s01;
  let s20 = s00;
  let s21 = s01;
  const end = x + inner;
  for (; x < end; x += 4) {
    const w0 = v128.load(w);
    const w1 = v128.load(w, 16);
    const a0 = v128.load32_splat(x);
    s00 = f32x4.add(s00, f32x4.mul(a0, w0));
    s01 = f32x4.add(s01, f32x4.mul(a0, w1));
    const a1 = v128.load32_splat(x, ROW);
    s10 = f32x4.add(s10, f32x4.mul(a1, w0));
    s11 = f32x4.add(s11, f32x4.mul(a1, w1));
    const a2 = v128.load32_splat(x, 2 * ROW);
    s20 = f32x4.add(s20, f32x4.mul(a2, w0));
    s21 = f32x4.add(s21, f32x4.mul(a2, w1));
    w += width;
  }
  v128.store(out, s00);
  v128.store(out, s01, 16);
  v128.store(out, s10, ROW);
  v128.store(out, s11, ROW + 16);
  v128.store(out, s20, 2 * ROW);
  v128.store(out, s21, 2 * ROW + 16);
}

function four(x: usize, inner: usize, w: usize, bias: usize, width: usize, out: usize): void {
  let s0 = v128.load(bias);
  let s1 = s0;
  let s2 = s0;
  const end = x + inner;
  for (; x < end; x += 4) {
    const w0 = v128.load(w);
    s0 = f32x4.add(s0, f32x4.mul(v128.load32_splat(x), w0));
    s1 = f32x4.add(s1, f32x4.mul(v128.load32_splat(x, ROW), w0));
    s2 = f32x4.add(s2, f32x4.mul(v128.load32_splat(x, 2 * ROW), w0));
    w += width;
  }
  v128.store(out, s0);
  v128.store(out, s1, ROW);
  v128.store(out, s2, 2 * ROW);
}
