// Softmax of four short rows at once, a lane each. Alone, a row of ten leaves lanes idle, and sums in float64 wait for one
// another; every element has the same bits either way.

import { exp4, log4 } from "./unary";

/** Elements of the longest row. */
export const NARROW: i32 = 64;
/** Elements of the rows, [length, 4], and their exponentials. */
const TURNED: usize = memory.data(1024, 16);
const POWERS: usize = memory.data(1024, 16);

/** Four numbers in float64: two of each half. */
@inline function lower(x: v128): v128 {
  return f64x2.promote_low_f32x4(x);
}
@inline function upper(x: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i32>(x, x, 2, 3, 2, 3));
}
@inline function narrowed(low: v128, high: v128): v128 {
  return v128.shuffle<i32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}

/** Turns four rows into columns. @returns the largest element of each, or 0 when that is not finite */
@inline function turn(x: usize, rowBytes: usize): v128 {
  const x2 = x + 2 * rowBytes;
  let largest = f32x4.splat(-Infinity);
  for (let at: usize = 0; at < rowBytes; at += 4) {
    let column = v128.load32_zero(x + at);
    column = v128.load32_lane(x + rowBytes + at, column, 1);
    column = v128.load32_lane(x2 + at, column, 2);
    column = v128.load32_lane(x2 + rowBytes + at, column, 3);
    v128.store(TURNED + (at << 2), column);
    largest = f32x4.max(largest, column);
  }
  return v128.and(largest, f32x4.lt(f32x4.abs(largest), f32x4.splat(Infinity)));
}

/** Writes the element of each row at `at`. */
@inline function put(out: usize, rowBytes: usize, at: usize, column: v128): void {
  const out2 = out + 2 * rowBytes;
  v128.store32_lane(out + at, column, 0);
  v128.store32_lane(out + rowBytes + at, column, 1);
  v128.store32_lane(out2 + at, column, 2);
  v128.store32_lane(out2 + rowBytes + at, column, 3);
}

export function softmaxFour(x: usize, out: usize, rowBytes: usize): void {
  const shift = turn(x, rowBytes);
  let low = f64x2.splat(0);
  let high = low;
  for (let at: usize = 0; at < rowBytes << 2; at += 16) {
    const power = exp4(f32x4.sub(v128.load(TURNED + at), shift));
    v128.store(POWERS + at, power);
    low = f64x2.add(low, lower(power));
    high = f64x2.add(high, upper(power));
  }
  for (let at: usize = 0; at < rowBytes; at += 4) {
    const power = v128.load(POWERS + (at << 2));
    put(out, rowBytes, at, narrowed(f64x2.div(lower(power), low), f64x2.div(upper(power), high)));
  }
}

export function logSoftmaxFour(x: usize, out: usize, rowBytes: usize): void {
  const shift = turn(x, rowBytes);
  let low = f64x2.splat(0);
  let high = low;
  for (let at: usize = 0; at < rowBytes << 2; at += 16) {
    const power = exp4(f32x4.sub(v128.load(TURNED + at), shift));
    low = f64x2.add(low, lower(power));
    high = f64x2.add(high, upper(power));
  }
  const logTotal = log4(narrowed(low, high));
  low = lower(logTotal);
  high = upper(logTotal);
  const lowShift = lower(shift);
  const highShift = upper(shift);
  for (let at: usize = 0; at < rowBytes; at += 4) {
    const column = v128.load(TURNED + (at << 2));
    const first = f64x2.sub(f64x2.sub(lower(column), lowShift), low);
    put(out, rowBytes, at, narrowed(first, f64x2.sub(f64x2.sub(upper(column), highShift), high)));
  }
}
