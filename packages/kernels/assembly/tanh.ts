// tanh of rows in passes: one number's chain of operations is so long that the processor, which looks some hundred
// operations ahead, works on two at a time; of the short chains of one pass it works on many. Bits are those of `tanh32`.

import { EXP, at, step } from "./unary";

/** Bytes of a piece: it is looked at three times. */
const PIECE: usize = 512;
/** Bytes that `tanhRows` needs to write to: exponentials' rests, and powers of 2 that become the exponentials. */
const SCRATCH_BYTES: i32 = 1024;

// 2, 1, largest small argument, polynomial
const TANH: usize = memory.data<f32>([
  2, 1, 0.625,
  -5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1,
]);
const SIGN: usize = memory.data<u32>([0x80000000, 0x7fffffff]);

/** tanh of numbers, in place or elsewhere; lengths in bytes, and a last group of less than four is computed whole. */
export function tanhRows(x: usize, out: usize, bytes: usize, scratch: usize): void {
  const power = scratch + PIECE;
  for (let from: usize = 0; from < bytes; from += PIECE) {
    const length = min(bytes - from, PIECE);
    reduce(x + from, scratch, power, length);
    raise(scratch, power, length);
    finish(x + from, power, out + from, length);
  }
}

const SCRATCH: usize = memory.data(SCRATCH_BYTES, 16);

export function tanh(x: usize, out: usize, bytes: usize): void {
  tanhRows(x, out, bytes, SCRATCH);
}

/** `2 |x|` as a multiple of ln 2, whose power of 2 is kept, and a rest. */
function reduce(x: usize, rest: usize, power: usize, bytes: usize): void {
  const two = at(TANH, 0);
  const size = at(SIGN, 1);
  const highest = at(EXP, 1);
  const inverse = at(EXP, 2);
  const shift = at(EXP, 3);
  const long = at(EXP, 4);
  const short = at(EXP, 5);
  const one = at(EXP, 6);
  for (let i: usize = 0; i < bytes; i += 16) {
    const c = f32x4.pmin(f32x4.mul(two, v128.and(v128.load(x + i), size)), highest);
    const shifted = step(c, inverse, shift);
    const n = f32x4.sub(shifted, shift);
    v128.store(rest + i, f32x4.sub(f32x4.sub(c, f32x4.mul(n, long)), f32x4.mul(n, short)));
    // the power of 89 / ln 2 is infinite, where `exp4` takes two halves: tanh is 1 by either
    v128.store(power + i, i32x4.add(i32x4.shl(shifted, 23), one));
  }
}

/** The exponential of the rest, times the power of 2. */
function raise(rest: usize, power: usize, bytes: usize): void {
  const c0 = at(EXP, 7);
  const c1 = at(EXP, 8);
  const c2 = at(EXP, 9);
  const c3 = at(EXP, 10);
  const c4 = at(EXP, 11);
  const c5 = at(EXP, 12);
  const one = at(EXP, 6);
  for (let i: usize = 0; i < bytes; i += 16) {
    const r = v128.load(rest + i);
    let p = step(c0, r, c1);
    p = step(p, r, c2);
    p = step(p, r, c3);
    p = step(p, r, c4);
    p = step(p, r, c5);
    p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), one);
    v128.store(power + i, f32x4.mul(p, v128.load(power + i)));
  }
}

/** By the exponential, and for small arguments by a polynomial. */
function finish(x: usize, power: usize, out: usize, bytes: usize): void {
  const two = at(TANH, 0);
  const one = at(TANH, 1);
  const small = at(TANH, 2);
  const c0 = at(TANH, 3);
  const c1 = at(TANH, 4);
  const c2 = at(TANH, 5);
  const c3 = at(TANH, 6);
  const c4 = at(TANH, 7);
  const sign = at(SIGN, 0);
  for (let i: usize = 0; i < bytes; i += 16) {
    const a = v128.load(x + i);
    const far = f32x4.sub(one, f32x4.div(two, f32x4.add(v128.load(power + i), one)));
    const z = f32x4.mul(a, a);
    let p = step(c0, z, c1);
    p = step(p, z, c2);
    p = step(p, z, c3);
    p = step(p, z, c4);
    const near = f32x4.add(f32x4.mul(f32x4.mul(p, z), a), a);
    const isFar = f32x4.gt(v128.andnot(a, sign), small);
    v128.store(out + i, v128.or(v128.bitselect(far, near, isFar), v128.and(a, sign)));
  }
}
