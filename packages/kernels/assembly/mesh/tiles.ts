// Rows times a matrix: `out = bias + x w`, one chain of rounded products and sums per element, over the inner index in
// increasing order. All lengths in bytes; widths are multiples of 16.
//
// Five rows by eight columns fill the registers. The rows stand a fixed distance apart, so that one register addresses
// them all.

import { plusProduct } from "../product";

/** Distance of rows: no power of 2, so that they fall into different sets of the cache. */
export const ROW: usize = 4160;
/** Rows that are worked on together. */
export const ROWS: i32 = 5;

/** A matrix of any width. Tiles follow each other in the lanes of their rows, `inner` and `width` apart. */
export function product(tiles: i32, x: usize, inner: usize, w: usize, bias: usize, width: usize, out: usize): void {
  let j: usize = 0;
  for (; j + 32 <= width && j + 48 !== width; j += 32) plain8(tiles, x, inner, w + j, bias + j, width, out + j);
  if (j + 48 === width) {
    // four columns alone would keep the adders waiting
    twelve(tiles, x, inner, w + j, bias + j, width, out + j);
    return;
  }
  for (; j < width; j += 16) plain4(tiles, x, inner, w + j, bias + j, width, out + j);
}

/** The same, and then ReLU. */
export function rectified(tiles: i32, x: usize, inner: usize, w: usize, bias: usize, width: usize, out: usize): void {
  let j: usize = 0;
  for (; j + 32 <= width; j += 32) rectified8(tiles, x, inner, w + j, bias + j, width, out + j);
  for (; j < width; j += 16) rectified4(tiles, x, inner, w + j, bias + j, width, out + j);
}

function plain8(tiles: i32, x: usize, inner: usize, w: usize, bias: usize, width: usize, out: usize): void {
  for (; tiles > 0; tiles--) {
    eight(x, inner, w, bias, width, out, false);
    x += inner;
    out += width;
  }
}

function plain4(tiles: i32, x: usize, inner: usize, w: usize, bias: usize, width: usize, out: usize): void {
  for (; tiles > 0; tiles--) {
    four(x, inner, w, bias, width, out, false);
    x += inner;
    out += width;
  }
}

function rectified8(tiles: i32, x: usize, inner: usize, w: usize, bias: usize, width: usize, out: usize): void {
  for (; tiles > 0; tiles--) {
    eight(x, inner, w, bias, width, out, true);
    x += inner;
    out += width;
  }
}

function rectified4(tiles: i32, x: usize, inner: usize, w: usize, bias: usize, width: usize, out: usize): void {
  for (; tiles > 0; tiles--) {
    four(x, inner, w, bias, width, out, true);
    x += inner;
    out += width;
  }
}

/** A finished vector, or what of it is positive. */
@inline function kept(sum: v128, rectify: bool): v128 {
  return rectify ? f32x4.pmax(sum, f32x4.splat(0)) : sum;
}

@inline function eight(x: usize, inner: usize, w: usize, bias: usize, width: usize, out: usize, rectify: bool): void {
  let s00 = v128.load(bias);
  let s01 = v128.load(bias, 16);
  let s10 = s00;
  let s11 = s01;
  let s20 = s00;
  let s21 = s01;
  let s30 = s00;
  let s31 = s01;
  let s40 = s00;
  let s41 = s01;
  const end = x + inner;
  do {
    const w0 = v128.load(w);
    const w1 = v128.load(w, 16);
    const a0 = v128.load32_splat(x);
    s00 = plusProduct(s00, a0, w0);
    s01 = plusProduct(s01, a0, w1);
    const a1 = v128.load32_splat(x, ROW);
    s10 = plusProduct(s10, a1, w0);
    s11 = plusProduct(s11, a1, w1);
    const a2 = v128.load32_splat(x, 2 * ROW);
    s20 = plusProduct(s20, a2, w0);
    s21 = plusProduct(s21, a2, w1);
    const a3 = v128.load32_splat(x, 3 * ROW);
    s30 = plusProduct(s30, a3, w0);
    s31 = plusProduct(s31, a3, w1);
    const a4 = v128.load32_splat(x, 4 * ROW);
    s40 = plusProduct(s40, a4, w0);
    s41 = plusProduct(s41, a4, w1);
    w += width;
    x += 4;
  } while (x < end);
  v128.store(out, kept(s00, rectify));
  v128.store(out, kept(s01, rectify), 16);
  v128.store(out, kept(s10, rectify), ROW);
  v128.store(out, kept(s11, rectify), ROW + 16);
  v128.store(out, kept(s20, rectify), 2 * ROW);
  v128.store(out, kept(s21, rectify), 2 * ROW + 16);
  v128.store(out, kept(s30, rectify), 3 * ROW);
  v128.store(out, kept(s31, rectify), 3 * ROW + 16);
  v128.store(out, kept(s40, rectify), 4 * ROW);
  v128.store(out, kept(s41, rectify), 4 * ROW + 16);
}

@inline function four(x: usize, inner: usize, w: usize, bias: usize, width: usize, out: usize, rectify: bool): void {
  let s0 = v128.load(bias);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let s4 = s0;
  const end = x + inner;
  do {
    const w0 = v128.load(w);
    s0 = plusProduct(s0, v128.load32_splat(x), w0);
    s1 = plusProduct(s1, v128.load32_splat(x, ROW), w0);
    s2 = plusProduct(s2, v128.load32_splat(x, 2 * ROW), w0);
    s3 = plusProduct(s3, v128.load32_splat(x, 3 * ROW), w0);
    s4 = plusProduct(s4, v128.load32_splat(x, 4 * ROW), w0);
    w += width;
    x += 4;
  } while (x < end);
  v128.store(out, kept(s0, rectify));
  v128.store(out, kept(s1, rectify), ROW);
  v128.store(out, kept(s2, rectify), 2 * ROW);
  v128.store(out, kept(s3, rectify), 3 * ROW);
  v128.store(out, kept(s4, rectify), 4 * ROW);
}

function twelve(tiles: i32, x: usize, inner: usize, w: usize, bias: usize, width: usize, out: usize): void {
  for (; tiles > 0; tiles--) {
    first12(x, inner, w, bias, width, out);
    last12(x + 3 * ROW, inner, w, bias, width, out + 3 * ROW);
    x += inner;
    out += width;
  }
}

/** Three of the rows by twelve columns. */
function first12(x: usize, inner: usize, w: usize, bias: usize, width: usize, out: usize): void {
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
  do {
    const w0 = v128.load(w);
    const w1 = v128.load(w, 16);
    const w2 = v128.load(w, 32);
    const a0 = v128.load32_splat(x);
    s00 = plusProduct(s00, a0, w0);
    s01 = plusProduct(s01, a0, w1);
    s02 = plusProduct(s02, a0, w2);
    const a1 = v128.load32_splat(x, ROW);
    s10 = plusProduct(s10, a1, w0);
    s11 = plusProduct(s11, a1, w1);
    s12 = plusProduct(s12, a1, w2);
    const a2 = v128.load32_splat(x, 2 * ROW);
    s20 = plusProduct(s20, a2, w0);
    s21 = plusProduct(s21, a2, w1);
    s22 = plusProduct(s22, a2, w2);
    w += width;
    x += 4;
  } while (x < end);
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

/** The other two. */
function last12(x: usize, inner: usize, w: usize, bias: usize, width: usize, out: usize): void {
  let s00 = v128.load(bias);
  let s01 = v128.load(bias, 16);
  let s02 = v128.load(bias, 32);
  let s10 = s00;
  let s11 = s01;
  let s12 = s02;
  const end = x + inner;
  do {
    const w0 = v128.load(w);
    const w1 = v128.load(w, 16);
    const w2 = v128.load(w, 32);
    const a0 = v128.load32_splat(x);
    s00 = plusProduct(s00, a0, w0);
    s01 = plusProduct(s01, a0, w1);
    s02 = plusProduct(s02, a0, w2);
    const a1 = v128.load32_splat(x, ROW);
    s10 = plusProduct(s10, a1, w0);
    s11 = plusProduct(s11, a1, w1);
    s12 = plusProduct(s12, a1, w2);
    w += width;
    x += 4;
  } while (x < end);
  v128.store(out, s00);
  v128.store(out, s01, 16);
  v128.store(out, s02, 32);
  v128.store(out, s10, ROW);
  v128.store(out, s11, ROW + 16);
  v128.store(out, s12, ROW + 32);
}
