// Rows of 16-bit codes times a matrix of 8-bit codes, in pairs of the inner index: integer sums, which are exact. `w` is
// [inner / 2, width] pairs. Sums become float32: times the column's factor, plus its bias, which follows. Steps in bytes.
//
// Five rows are worked on together, a fixed distance apart, as in tiles.ts.

import { ROW } from "./tiles";

/** What happens to a finished element: stored, stored as a code if positive, or added to `out` times the row's gate. */
const PLAIN = 0;
const CODED = 1;
const MIXED = 2;

/** Adding 1.5 * 2^23 leaves the nearest integer in the low bits. */
const ROUNDER: usize = memory.data<f32>([12582912]);

/** The largest code, twice. */
const LARGEST: usize = memory.data<u32>([0x7fff7fff]);

/** Nearest integers of eight numbers that lie in 16 bits. */
@inline export function codes(a: v128, b: v128): v128 {
  const shift = v128.load32_splat(ROUNDER);
  return i16x8.narrow_i32x4_s(i32x4.sub(f32x4.add(a, shift), shift), i32x4.sub(f32x4.add(b, shift), shift));
}

@inline function finish(s0: v128, s1: v128, factor0: v128, factor1: v128, bias0: v128, bias1: v128, out: usize, gate: f32, mode: i32): void {
  const a = f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(s0), factor0), bias0);
  const b = f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(s1), factor1), bias1);
  if (mode === CODED) {
    // whatever is negative becomes 0
    const shift = v128.load32_splat(ROUNDER);
    const rounded = i32x4.sub(f32x4.add(a, shift), shift);
    const positive = i16x8.narrow_i32x4_u(rounded, i32x4.sub(f32x4.add(b, shift), shift));
    v128.store(out, i16x8.min_u(positive, v128.load32_splat(LARGEST)));
  } else if (mode === MIXED) {
    const g = f32x4.splat(gate);
    v128.store(out, f32x4.add(v128.load(out), f32x4.mul(a, g)));
    v128.store(out, f32x4.add(v128.load(out, 16), f32x4.mul(b, g)), 16);
  } else {
    v128.store(out, a);
    v128.store(out, b, 16);
  }
}

@inline function five(
  x: usize, inner: usize, w: usize, factor: usize, width: usize,
  o0: usize, o1: usize, o2: usize, o3: usize, o4: usize, g0: f32, g1: f32, g2: f32, g3: f32, g4: f32, mode: i32,
): void {
  const end = x + inner;
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
    let s40 = s00;
    let s41 = s00;
    let from = w + j;
    let p = x;
    do {
      const w0 = v128.load(from);
      const w1 = v128.load(from, 16);
      const a0 = v128.load32_splat(p);
      s00 = i32x4.add(s00, i32x4.dot_i16x8_s(a0, w0));
      s01 = i32x4.add(s01, i32x4.dot_i16x8_s(a0, w1));
      const a1 = v128.load32_splat(p, 1 * ROW);
      s10 = i32x4.add(s10, i32x4.dot_i16x8_s(a1, w0));
      s11 = i32x4.add(s11, i32x4.dot_i16x8_s(a1, w1));
      const a2 = v128.load32_splat(p, 2 * ROW);
      s20 = i32x4.add(s20, i32x4.dot_i16x8_s(a2, w0));
      s21 = i32x4.add(s21, i32x4.dot_i16x8_s(a2, w1));
      const a3 = v128.load32_splat(p, 3 * ROW);
      s30 = i32x4.add(s30, i32x4.dot_i16x8_s(a3, w0));
      s31 = i32x4.add(s31, i32x4.dot_i16x8_s(a3, w1));
      const a4 = v128.load32_splat(p, 4 * ROW);
      s40 = i32x4.add(s40, i32x4.dot_i16x8_s(a4, w0));
      s41 = i32x4.add(s41, i32x4.dot_i16x8_s(a4, w1));
      from += width;
      p += 4;
    } while (p < end);
    const at = mode === CODED ? j >> 1 : j;
    const f0 = v128.load(factor + j);
    const f1 = v128.load(factor + j, 16);
    const b0 = v128.load(bias + j);
    const b1 = v128.load(bias + j, 16);
    finish(s00, s01, f0, f1, b0, b1, o0 + at, g0, mode);
    finish(s10, s11, f0, f1, b0, b1, o1 + at, g1, mode);
    finish(s20, s21, f0, f1, b0, b1, o2 + at, g2, mode);
    finish(s30, s31, f0, f1, b0, b1, o3 + at, g3, mode);
    finish(s40, s41, f0, f1, b0, b1, o4 + at, g4, mode);
  }
}

/** One row: as many columns at once as keep the multipliers busy. */
@inline function one(x: usize, inner: usize, w: usize, factor: usize, width: usize, out: usize, gate: f32, mode: i32): void {
  const end = x + inner;
  const bias = factor + width;
  let j: usize = 0;
  for (; j + 64 <= width; j += 64) {
    let s0 = i32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let from = w + j;
    let p = x;
    do {
      const a = v128.load32_splat(p);
      s0 = i32x4.add(s0, i32x4.dot_i16x8_s(a, v128.load(from)));
      s1 = i32x4.add(s1, i32x4.dot_i16x8_s(a, v128.load(from, 16)));
      s2 = i32x4.add(s2, i32x4.dot_i16x8_s(a, v128.load(from, 32)));
      s3 = i32x4.add(s3, i32x4.dot_i16x8_s(a, v128.load(from, 48)));
      from += width;
      p += 4;
    } while (p < end);
    const o = out + (mode === CODED ? j >> 1 : j);
    finish(s0, s1, v128.load(factor + j), v128.load(factor + j, 16), v128.load(bias + j), v128.load(bias + j, 16), o, gate, mode);
    finish(s2, s3, v128.load(factor + j, 32), v128.load(factor + j, 48), v128.load(bias + j, 32), v128.load(bias + j, 48), o + (mode === CODED ? 16 : 32), gate, mode);
  }
  for (; j < width; j += 32) {
    let s0 = i32x4.splat(0);
    let s1 = s0;
    let from = w + j;
    let p = x;
    do {
      const a = v128.load32_splat(p);
      s0 = i32x4.add(s0, i32x4.dot_i16x8_s(a, v128.load(from)));
      s1 = i32x4.add(s1, i32x4.dot_i16x8_s(a, v128.load(from, 16)));
      from += width;
      p += 4;
    } while (p < end);
    const o = out + (mode === CODED ? j >> 1 : j);
    finish(s0, s1, v128.load(factor + j), v128.load(factor + j, 16), v128.load(bias + j), v128.load(bias + j, 16), o, gate, mode);
  }
}

/** A block of codes to consecutive rows of numbers. */
export function plain5(x: usize, inner: usize, w: usize, factor: usize, width: usize, out: usize): void {
  const o2 = out + 2 * width;
  five(x, inner, w, factor, width, out, out + width, o2, o2 + width, o2 + 2 * width, 1, 1, 1, 1, 1, PLAIN);
}

export function plain1(x: usize, inner: usize, w: usize, factor: usize, width: usize, out: usize): void {
  one(x, inner, w, factor, width, out, 1, PLAIN);
}

/** A block of codes to a block of codes. */
export function coded5(x: usize, inner: usize, w: usize, factor: usize, width: usize, out: usize): void {
  five(x, inner, w, factor, width, out, out + ROW, out + 2 * ROW, out + 3 * ROW, out + 4 * ROW, 1, 1, 1, 1, 1, CODED);
}

export function coded1(x: usize, inner: usize, w: usize, factor: usize, width: usize, out: usize): void {
  one(x, inner, w, factor, width, out, 1, CODED);
}

/** A block of codes to rows of numbers anywhere. */
export function mixed5(x: usize, inner: usize, w: usize, factor: usize, width: usize, o0: usize, o1: usize, o2: usize, o3: usize, o4: usize, g0: f32, g1: f32, g2: f32, g3: f32, g4: f32): void {
  five(x, inner, w, factor, width, o0, o1, o2, o3, o4, g0, g1, g2, g3, g4, MIXED);
}

export function mixed1(x: usize, inner: usize, w: usize, factor: usize, width: usize, out: usize, gate: f32): void {
  one(x, inner, w, factor, width, out, gate, MIXED);
}
