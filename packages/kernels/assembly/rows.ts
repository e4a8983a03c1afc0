// Functions of whole rows. Sums are added up in float64, one element after the other.
import { NARROW, logSoftmaxFour, softmaxFour } from "./narrow";
import { exp4, log4 } from "./unary";

/** `out[row] = sum of the row`. */
export function sumRows(x: usize, out: usize, rows: i32, length: i32): void {
  for (let row = 0; row < rows; row++) {
    let total: f64 = 0;
    for (const end = x + (<usize>length << 2); x < end; x += 4) total += <f64>load<f32>(x);
    store<f32>(out + (<usize>row << 2), <f32>total);
  }
}

/** `out[column] = sum of the column`. */
export function sumColumns(x: usize, out: usize, rows: i32, length: i32): void {
  const rowBytes = <usize>length << 2;
  let column = 0;
  for (; column + 4 <= length; column += 4) {
    let low = f64x2.splat(0);
    let high = low;
    let at = x + (<usize>column << 2);
    for (let row = 0; row < rows; row++) {
      const four = v128.load(at);
      low = f64x2.add(low, f64x2.promote_low_f32x4(four));
      high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<i32>(four, four, 2, 3, 2, 3)));
      at += rowBytes;
    }
    v128.store(out + (<usize>column << 2), v128.shuffle<i32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5));
  }
  for (; column < length; column++) {
    let total: f64 = 0;
    let at = x + (<usize>column << 2);
    for (let row = 0; row < rows; row++) {
      total += <f64>load<f32>(at);
      at += rowBytes;
    }
    store<f32>(out + (<usize>column << 2), <f32>total);
  }
}

/** Largest element of a row, or 0 when none is finite: what its elements are compared with. */
@inline function shiftOf(x: usize, length: i32): f32 {
  let largest: f32 = -Infinity;
  for (let i = 0; i < length; i++) largest = max(largest, load<f32>(x + (<usize>i << 2)));
  return isFinite(largest) ? largest : 0;
}

/** Leaves `e^(x - shift)` in `out` and returns the sum. */
@inline function exponentials(x: usize, out: usize, length: i32, shift: f32): f64 {
  const four = f32x4.splat(shift);
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    const at = <usize>i << 2;
    v128.store(out + at, exp4(f32x4.sub(v128.load(x + at), four)));
  }
  for (; i < length; i++) {
    const at = <usize>i << 2;
    store<f32>(out + at, f32x4.extract_lane(exp4(f32x4.splat(load<f32>(x + at) - shift)), 0));
  }
  let total: f64 = 0;
  for (let k = 0; k < length; k++) total += <f64>load<f32>(out + (<usize>k << 2));
  return total;
}

export function softmaxRows(x: usize, out: usize, rows: i32, length: i32): void {
  const rowBytes = <usize>length << 2;
  if (length <= NARROW) {
    for (; rows >= 4; rows -= 4) {
      softmaxFour(x, out, rowBytes);
      x += rowBytes << 2;
      out += rowBytes << 2;
    }
  }
  for (; rows > 0; rows--) {
    const total = exponentials(x, out, length, shiftOf(x, length));
    for (let at: usize = 0; at < rowBytes; at += 4) store<f32>(out + at, <f32>(<f64>load<f32>(out + at) / total));
    x += rowBytes;
    out += rowBytes;
  }
}

export function logSoftmaxRows(x: usize, out: usize, rows: i32, length: i32): void {
  const rowBytes = <usize>length << 2;
  if (length <= NARROW) {
    for (; rows >= 4; rows -= 4) {
      logSoftmaxFour(x, out, rowBytes);
      x += rowBytes << 2;
      out += rowBytes << 2;
    }
  }
  for (; rows > 0; rows--) {
    const shift = shiftOf(x, length);
    const total = exponentials(x, out, length, shift);
    const logTotal = <f64>f32x4.extract_lane(log4(f32x4.splat(<f32>total)), 0);
    for (let at: usize = 0; at < rowBytes; at += 4) {
      store<f32>(out + at, <f32>(<f64>load<f32>(x + at) - <f64>shift - logTotal));
    }
    x += rowBytes;
    out += rowBytes;
  }
}
