// Rows times a matrix: `out = bias + x w`, one chain of rounded products and sums per element, over the inner index in
// increasing order. All steps in bytes; the width of `w` is a multiple of 32.
//
// Five rows are worked on together. They stand a fixed distance apart, so that one register addresses them all: with a
// register for each row, V8's code has a quarter more instructions and is as much slower.

import { plusProduct } from "../product";

/** Distance of rows in a block, in cache lines 13 more than a multiple of 64: five short rows fall into sets of the cache of their own. */
export const ROW: usize = 4928;
/** Rows of a block. */
export const ROWS: usize = 5;

/** What happens to a finished element: it is stored, stored if positive, or added to `out` times the row's gate. */
const PLAIN = 0;
const RECTIFIED = 1;
const MIXED = 2;

@inline function finish(sum: v128, out: usize, gate: f32, mode: i32): void {
  if (mode === PLAIN) v128.store(out, sum);
  else if (mode === RECTIFIED) v128.store(out, f32x4.pmax(sum, f32x4.splat(0)));
  else v128.store(out, plusProduct(v128.load(out), sum, f32x4.splat(gate)));
}

@inline function five(
  x: usize, inner: usize, w: usize, bias: usize, width: usize,
  o0: usize, o1: usize, o2: usize, o3: usize, o4: usize, g0: f32, g1: f32, g2: f32, g3: f32, g4: f32, mode: i32,
): void {
  const end = x + inner;
  for (let j: usize = 0; j < width; j += 32) {
    let s00 = v128.load(bias + j);
    let s01 = v128.load(bias + j, 16);
    let s10 = s00;
    let s11 = s01;
    let s20 = s00;
    let s21 = s01;
    let s30 = s00;
    let s31 = s01;
    let s40 = s00;
    let s41 = s01;
    let from = w + j;
    let p = x;
    do {
      const w0 = v128.load(from);
      const w1 = v128.load(from, 16);
      const a0 = v128.load32_splat(p);
      s00 = plusProduct(s00, a0, w0);
      s01 = plusProduct(s01, a0, w1);
      const a1 = v128.load32_splat(p, 1 * ROW);
      s10 = plusProduct(s10, a1, w0);
      s11 = plusProduct(s11, a1, w1);
      const a2 = v128.load32_splat(p, 2 * ROW);
      s20 = plusProduct(s20, a2, w0);
      s21 = plusProduct(s21, a2, w1);
      const a3 = v128.load32_splat(p, 3 * ROW);
      s30 = plusProduct(s30, a3, w0);
      s31 = plusProduct(s31, a3, w1);
      const a4 = v128.load32_splat(p, 4 * ROW);
      s40 = plusProduct(s40, a4, w0);
      s41 = plusProduct(s41, a4, w1);
      from += width;
      p += 4;
    } while (p !== end);
    finish(s00, o0 + j, g0, mode);
    finish(s01, o0 + j + 16, g0, mode);
    finish(s10, o1 + j, g1, mode);
    finish(s11, o1 + j + 16, g1, mode);
    finish(s20, o2 + j, g2, mode);
    finish(s21, o2 + j + 16, g2, mode);
    finish(s30, o3 + j, g3, mode);
    finish(s31, o3 + j + 16, g3, mode);
    finish(s40, o4 + j, g4, mode);
    finish(s41, o4 + j + 16, g4, mode);
  }
}

/** One row: as many columns at once as keep both adders busy. */
@inline function one(x: usize, inner: usize, w: usize, bias: usize, width: usize, out: usize, gate: f32, mode: i32): void {
  let j: usize = 0;
  for (; j + 128 <= width; j += 128) {
    let s0 = v128.load(bias + j);
    let s1 = v128.load(bias + j, 16);
    let s2 = v128.load(bias + j, 32);
    let s3 = v128.load(bias + j, 48);
    let s4 = v128.load(bias + j, 64);
    let s5 = v128.load(bias + j, 80);
    let s6 = v128.load(bias + j, 96);
    let s7 = v128.load(bias + j, 112);
    let from = w + j;
    for (let k: usize = 0; k < inner; k += 4) {
      const a = v128.load32_splat(x + k);
      s0 = plusProduct(s0, a, v128.load(from));
      s1 = plusProduct(s1, a, v128.load(from, 16));
      s2 = plusProduct(s2, a, v128.load(from, 32));
      s3 = plusProduct(s3, a, v128.load(from, 48));
      s4 = plusProduct(s4, a, v128.load(from, 64));
      s5 = plusProduct(s5, a, v128.load(from, 80));
      s6 = plusProduct(s6, a, v128.load(from, 96));
      s7 = plusProduct(s7, a, v128.load(from, 112));
      from += width;
    }
    const o = out + j;
    finish(s0, o, gate, mode);
    finish(s1, o + 16, gate, mode);
    finish(s2, o + 32, gate, mode);
    finish(s3, o + 48, gate, mode);
    finish(s4, o + 64, gate, mode);
    finish(s5, o + 80, gate, mode);
    finish(s6, o + 96, gate, mode);
    finish(s7, o + 112, gate, mode);
  }
  for (; j < width; j += 32) {
    let s0 = v128.load(bias + j);
    let s1 = v128.load(bias + j, 16);
    let from = w + j;
    for (let k: usize = 0; k < inner; k += 4) {
      const a = v128.load32_splat(x + k);
      s0 = plusProduct(s0, a, v128.load(from));
      s1 = plusProduct(s1, a, v128.load(from, 16));
      from += width;
    }
    finish(s0, out + j, gate, mode);
    finish(s1, out + j + 16, gate, mode);
  }
}

/** Copies a row into a block, and up to 16 bytes that follow. */
@inline export function enter(row: usize, to: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 32) {
    v128.store(to + i, v128.load(row + i));
    v128.store(to + i, v128.load(row + i, 16), 16);
  }
}

/** A block to rows anywhere. */
export function plain5(x: usize, inner: usize, w: usize, bias: usize, width: usize, o0: usize, o1: usize, o2: usize, o3: usize, o4: usize): void {
  five(x, inner, w, bias, width, o0, o1, o2, o3, o4, 1, 1, 1, 1, 1, PLAIN);
}

export function plain1(x: usize, inner: usize, w: usize, bias: usize, width: usize, out: usize): void {
  one(x, inner, w, bias, width, out, 1, PLAIN);
}

/** A block to a block. */
export function rectified5(x: usize, inner: usize, w: usize, bias: usize, width: usize, out: usize): void {
  five(x, inner, w, bias, width, out, out + ROW, out + 2 * ROW, out + 3 * ROW, out + 4 * ROW, 1, 1, 1, 1, 1, RECTIFIED);
}

export function rectified1(x: usize, inner: usize, w: usize, bias: usize, width: usize, out: usize): void {
  one(x, inner, w, bias, width, out, 1, RECTIFIED);
}

/** A block to rows anywhere. */
export function mixed5(x: usize, inner: usize, w: usize, bias: usize, width: usize, o0: usize, o1: usize, o2: usize, o3: usize, o4: usize, g0: f32, g1: f32, g2: f32, g3: f32, g4: f32): void {
  five(x, inner, w, bias, width, o0, o1, o2, o3, o4, g0, g1, g2, g3, g4, MIXED);
}

export function mixed1(x: usize, inner: usize, w: usize, bias: usize, width: usize, out: usize, gate: f32): void {
  one(x, inner, w, bias, width, out, gate, MIXED);
}

/** Any number of consecutive rows, added to what stands at `out`; they pass through `block`. */
export function addedRows(rows: i32, x: usize, inner: usize, w: usize, bias: usize, width: usize, out: usize, block: usize): void {
  for (; rows >= <i32>ROWS; rows -= <i32>ROWS) {
    for (let r: usize = 0; r < ROWS; r++) enter(x + r * inner, block + r * ROW, inner);
    mixed5(block, inner, w, bias, width, out, out + width, out + 2 * width, out + 3 * width, out + 4 * width, 1, 1, 1, 1, 1);
    x += ROWS * inner;
    out += ROWS * width;
  }
  for (; rows > 0; rows--) {
    mixed1(x, inner, w, bias, width, out, 1);
    x += inner;
    out += width;
  }
}
