// Rows that are padded to whole vectors: their lengths are multiples of 16 bytes.

import { plusProduct } from "./product";

/** Copies one row. */
@inline export function copyRow(from: usize, to: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) v128.store(to + i, v128.load(from + i));
}

/** Adds one row to another. */
@inline export function addRow(from: usize, to: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) v128.store(to + i, f32x4.add(v128.load(to + i), v128.load(from + i)));
}

/** Adds to `g` [a's width, b's width] the sum over n rows of the outer products of rows of `a` and `b`, row after row. */
export function addOuter(n: i32, a: usize, aBytes: usize, b: usize, bBytes: usize, g: usize): void {
  addOuterLanes(1, 0, n, a, aBytes, b, bBytes, g);
}

/** The same with n consecutive rows in each of so many lanes, which stand a distance apart. */
export function addOuterLanes(lanes: i32, distance: usize, n: i32, a: usize, aBytes: usize, b: usize, bBytes: usize, g: usize): void {
  const aLength = <usize>n * aBytes;
  const bLength = <usize>n * bBytes;
  for (let i: usize = 0; i < aBytes; i += 16) {
    const to = g + (i >> 2) * bBytes;
    let j: usize = 0;
    for (; j + 32 <= bBytes; j += 32) outer8(lanes, distance, a + i, aLength, aBytes, b + j, bLength, bBytes, to + j);
    if (j < bBytes) outer4(lanes, distance, a + i, aLength, aBytes, b + j, bLength, bBytes, to + j);
  }
}

/** 4 x 8 elements of the sum. */
function outer8(
  lanes: i32, distance: usize, a: usize, aLength: usize, aBytes: usize, b: usize, bLength: usize, bBytes: usize, g0: usize,
): void {
  const g1 = g0 + bBytes;
  const g2 = g1 + bBytes;
  const g3 = g2 + bBytes;
  let s00 = v128.load(g0);
  let s01 = v128.load(g0, 16);
  let s10 = v128.load(g1);
  let s11 = v128.load(g1, 16);
  let s20 = v128.load(g2);
  let s21 = v128.load(g2, 16);
  let s30 = v128.load(g3);
  let s31 = v128.load(g3, 16);
  for (; lanes > 0; lanes--) {
    const end = a + aLength;
    for (; a < end; a += aBytes) {
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
      const a0 = v128.load32_splat(a);
      s00 = plusProduct(s00, a0, b0);
      s01 = plusProduct(s01, a0, b1);
      const a1 = v128.load32_splat(a, 4);
      s10 = plusProduct(s10, a1, b0);
      s11 = plusProduct(s11, a1, b1);
      const a2 = v128.load32_splat(a, 8);
      s20 = plusProduct(s20, a2, b0);
      s21 = plusProduct(s21, a2, b1);
      const a3 = v128.load32_splat(a, 12);
      s30 = plusProduct(s30, a3, b0);
      s31 = plusProduct(s31, a3, b1);
      b += bBytes;
    }
    a += distance - aLength;
    b += distance - bLength;
  }
  v128.store(g0, s00);
  v128.store(g0, s01, 16);
  v128.store(g1, s10);
  v128.store(g1, s11, 16);
  v128.store(g2, s20);
  v128.store(g2, s21, 16);
  v128.store(g3, s30);
  v128.store(g3, s31, 16);
}

/** 4 x 4 elements. */
function outer4(
  lanes: i32, distance: usize, a: usize, aLength: usize, aBytes: usize, b: usize, bLength: usize, bBytes: usize, g0: usize,
): void {
  const g1 = g0 + bBytes;
  const g2 = g1 + bBytes;
  const g3 = g2 + bBytes;
  let s0 = v128.load(g0);
  let s1 = v128.load(g1);
  let s2 = v128.load(g2);
  let s3 = v128.load(g3);
  for (; lanes > 0; lanes--) {
    const end = a + aLength;
    for (; a < end; a += aBytes) {
      const b0 = v128.load(b);
      s0 = plusProduct(s0, v128.load32_splat(a), b0);
      s1 = plusProduct(s1, v128.load32_splat(a, 4), b0);
      s2 = plusProduct(s2, v128.load32_splat(a, 8), b0);
      s3 = plusProduct(s3, v128.load32_splat(a, 12), b0);
      b += bBytes;
    }
    a += distance - aLength;
    b += distance - bLength;
  }
  v128.store(g0, s0);
  v128.store(g1, s1);
  v128.store(g2, s2);
  v128.store(g3, s3);
}
