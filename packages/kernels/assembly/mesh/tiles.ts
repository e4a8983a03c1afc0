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

/** A matrix of any width. */
export function product(x: usize, inner: usize, w: usize, bias: usize, width: usize, out: usize): void {
  let j: usize = 0;
  for (; j + 32 <= width && j + 48 !== width; j += 32) plain8(x, inner, w + j, bias + j, width, out + j);
  if (j + 48 === width) {
    // four columns alone would keep the adders waiting
    first12(x, inner, w + j, bias + j, width, out + j);
    last12(x + 3 * ROW, inner, w + j, bias + j, width, out + 3 * ROW + j);
    return;
  }
  for (; j < width; j += 16) plain4(x, inner, w + j, bias + j, width, out + j);
}

/** The same, and then ReLU. */
export function rectified(x: usize, inner: usize, w: usize, bias: usize, width: usize, out: usize): void {
  let j: usize = 0;
  for (; j + 32 <= width; j += 32) rectified8(x, inner, w + j, bias + j, width, out + j);
  for (; j < width; j += 16) rectified4(x, inner, w + j, bias + j, width, out + j);
}

function plain8(x: usize, inner: usize, w: usize, bias: usize, width: usize, out: usize): void {
  eight(x, inner, w, bias, width, out, false);
}

function plain4(x: usize, inner: usize, w: usize, bias: usize, width: usize, out: usize): void {
  four(x, inner, w, bias, width, out, false);
}

function rectified8(x: usize, inner: usize, w: usize, bias: usize, width: usize, out: usize): void {
  eight(x, inner, w, bias, width, out, true);
}

function rectified4(x: usize, inner: usize, w: usize, bias: usize, width: usize, out: usize): void {
  four(x, inner, w, bias, width, out, true);
}

/** Stores a finished vector, or what of it is positive. */
@inline function finish(sum: v128, out: usize, rectify: bool): void {
  v128.store(out, rectify ? f32x4.pmax(sum, f32x4.splat(0)) : sum);
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
  finish(s00, out, rectify);
  finish(s01, out + 16, rectify);
  finish(s10, out + ROW, rectify);
  finish(s11, out + ROW + 16, rectify);
  finish(s20, out + 2 * ROW, rectify);
  finish(s21, out + 2 * ROW + 16, rectify);
  finish(s30, out + 3 * ROW, rectify);
  finish(s31, out + 3 * ROW + 16, rectify);
  finish(s40, out + 4 * ROW, rectify);
  finish(s41, out + 4 * ROW + 16, rectify);
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
  finish(s0, out, rectify);
  finish(s1, out + ROW, rectify);
  finish(s2, out + 2 * ROW, rectify);
  finish(s3, out + 3 * ROW, rectify);
  finish(s4, out + 4 * ROW, rectify);
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
  finish(s00, out, false);
  finish(s01, out + 16, false);
  finish(s02, out + 32, false);
  finish(s10, out + ROW, false);
  finish(s11, out + ROW + 16, false);
  finish(s12, out + ROW + 32, false);
  finish(s20, out + 2 * ROW, false);
  finish(s21, out + 2 * ROW + 16, false);
  finish(s22, out + 2 * ROW + 32, false);
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
  finish(s00, out, false);
  finish(s01, out + 16, false);
  finish(s02, out + 32, false);
  finish(s10, out + ROW, false);
  finish(s11, out + ROW + 16, false);
  finish(s12, out + ROW + 32, false);
}
