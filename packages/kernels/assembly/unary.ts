// Four-lane twins of src/math32.ts: the same operations in the same order. Coefficients are loaded from tables, because V8
// builds a v128.const anew, with several instructions, every time it is used; pmin and pmax are one instruction each, min
// and max are eight.

/** Element `index` of a float32 table in every lane. */
@inline export function at(table: usize, index: i32): v128 {
  return v128.load32_splat(table + (<usize>index << 2));
}
/** p * x + c, rounded twice; with relaxed SIMD once, where the processor can. */
@inline export function step(p: v128, x: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(p, x, c) : f32x4.add(f32x4.mul(p, x), c);
}
@inline function signOf(x: v128): v128 {
  return v128.and(x, i32x4.splat(0x80000000));
}

/** Lowest and highest argument, 1 / ln 2, 1.5 * 2^23, ln 2 in two parts, 1, polynomial. */
export const EXP: usize = memory.data<f32>([
  -104, 89, 1.44269504, 12582912, 0.693359375, -2.1219444e-4, 1,
  1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1,
]);
@inline export function exp4(x: v128): v128 {
  const c = f32x4.pmin(f32x4.pmax(x, at(EXP, 0)), at(EXP, 1));
  const shifted = step(c, at(EXP, 2), at(EXP, 3));
  const n = f32x4.sub(shifted, at(EXP, 3));
  const r = f32x4.sub(f32x4.sub(c, f32x4.mul(n, at(EXP, 4))), f32x4.mul(n, at(EXP, 5)));
  let p = at(EXP, 7);
  p = step(p, r, at(EXP, 8));
  p = step(p, r, at(EXP, 9));
  p = step(p, r, at(EXP, 10));
  p = step(p, r, at(EXP, 11));
  p = step(p, r, at(EXP, 12));
  p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), at(EXP, 6));
  const k = i32x4.sub(shifted, at(EXP, 3)); // as integers: n
  const half = i32x4.shr_s(k, 1);
  // adding to the exponent's bits of 1 gives a power of 2
  p = f32x4.mul(p, i32x4.add(i32x4.shl(half, 23), at(EXP, 6)));
  return f32x4.mul(p, i32x4.add(i32x4.shl(i32x4.sub(k, half), 23), at(EXP, 6)));
}

// smallest normal number, 2^23, ln 2 in two parts, 1/2, 1, polynomial
const LOG: usize = memory.data<f32>([
  1.1754943508222875e-38, 8388608, 0.693359375, -2.1219444e-4, 0.5, 1,
  7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
  2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
]);
@inline export function log4(x: v128): v128 {
  const subnormal = f32x4.lt(x, at(LOG, 0));
  const scaled = v128.bitselect(f32x4.mul(x, at(LOG, 1)), x, subnormal);
  const bits = i32x4.add(scaled, i32x4.splat(0x3f800000 - 0x3f3504f3));
  const exponent = i32x4.sub(i32x4.shr_s(bits, 23), i32x4.splat(127));
  const k = f32x4.convert_i32x4_s(i32x4.sub(exponent, v128.and(subnormal, i32x4.splat(23))));
  const fraction = i32x4.add(v128.and(bits, i32x4.splat(0x7fffff)), i32x4.splat(0x3f3504f3));
  const m = f32x4.sub(fraction, at(LOG, 5));
  const z = f32x4.mul(m, m);
  let p = at(LOG, 6);
  p = step(p, m, at(LOG, 7));
  p = step(p, m, at(LOG, 8));
  p = step(p, m, at(LOG, 9));
  p = step(p, m, at(LOG, 10));
  p = step(p, m, at(LOG, 11));
  p = step(p, m, at(LOG, 12));
  p = step(p, m, at(LOG, 13));
  p = step(p, m, at(LOG, 14));
  let y = f32x4.mul(f32x4.mul(m, z), p);
  y = f32x4.add(y, f32x4.mul(k, at(LOG, 3)));
  y = f32x4.sub(y, f32x4.mul(z, at(LOG, 4)));
  y = f32x4.add(f32x4.add(m, y), f32x4.mul(k, at(LOG, 2)));
  const zero = f32x4.splat(0);
  const infinity = f32x4.splat(Infinity);
  y = v128.bitselect(infinity, y, f32x4.eq(x, infinity));
  y = v128.bitselect(y, f32x4.splat(NaN), f32x4.gt(x, zero));
  return v128.bitselect(f32x4.splat(-Infinity), y, f32x4.eq(x, zero));
}

@inline function sigmoid4(x: v128): v128 {
  const e = exp4(f32x4.neg(f32x4.abs(x)));
  const one = at(EXP, 6);
  return f32x4.div(v128.bitselect(e, one, f32x4.lt(x, f32x4.splat(0))), f32x4.add(one, e));
}

// largest argument, 1, largest small argument, polynomial above it, polynomial below it
const ERF: usize = memory.data<f32>([
  4, 1, 0.927734375,
  -1.7285347e-5, 3.83197126e-4, -3.88396438e-3, 2.42546219e-2, -1.06777877e-1, -6.34846687e-1, -1.28717512e-1,
  -5.96761703e-4, 4.99119423e-3, -2.67681349e-2, 1.12819925e-1, -3.76125336e-1, 1.28379166e-1,
]);
@inline function erf4(x: v128): v128 {
  const size = f32x4.abs(x);
  const t = f32x4.pmin(size, at(ERF, 0));
  let r = at(ERF, 3);
  r = step(r, t, at(ERF, 4));
  r = step(r, t, at(ERF, 5));
  r = step(r, t, at(ERF, 6));
  r = step(r, t, at(ERF, 7));
  r = step(r, t, at(ERF, 8));
  r = step(r, t, at(ERF, 9));
  r = f32x4.sub(f32x4.mul(r, t), t);
  const large = f32x4.sub(at(ERF, 1), exp4(r));
  const s = f32x4.mul(x, x);
  let q = at(ERF, 10);
  q = step(q, s, at(ERF, 11));
  q = step(q, s, at(ERF, 12));
  q = step(q, s, at(ERF, 13));
  q = step(q, s, at(ERF, 14));
  q = step(q, s, at(ERF, 15));
  const small = f32x4.add(f32x4.mul(q, x), x);
  return v128.or(v128.bitselect(large, small, f32x4.gt(size, at(ERF, 2))), signOf(x));
}

// 2 / pi, 1.5 * 2^52, pi / 2 in two parts
const TURN: usize = memory.data<f64>([
  6.36619772367581382433e-1, 6755399441055744, 1.57079632673412561417, 6.07710050650619224932e-11,
]);
@inline function turn(index: i32): v128 {
  return v128.load64_splat(TURN + (<usize>index << 3));
}
/** Quarter turns nearest to two float64 angles, plus 1.5 * 2^52: the integers stand in the low bits. */
@inline function shiftedTurns(x: v128): v128 {
  return f64x2.add(f64x2.mul(x, turn(0)), turn(1));
}
@inline function withoutTurns(x: v128, shifted: v128): v128 {
  const n = f64x2.sub(shifted, turn(1));
  return f64x2.sub(f64x2.sub(x, f64x2.mul(n, turn(2))), f64x2.mul(n, turn(3)));
}

const SIN: usize = memory.data<f32>([-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1]);
@inline function sinKernel(r: v128): v128 {
  const z = f32x4.mul(r, r);
  let p = at(SIN, 0);
  p = step(p, z, at(SIN, 1));
  p = step(p, z, at(SIN, 2));
  return f32x4.add(f32x4.mul(f32x4.mul(p, z), r), r);
}

const COS: usize = memory.data<f32>([2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2, 0.5, 1]);
@inline function cosKernel(r: v128): v128 {
  const z = f32x4.mul(r, r);
  let p = at(COS, 0);
  p = step(p, z, at(COS, 1));
  p = step(p, z, at(COS, 2));
  return f32x4.add(f32x4.sub(at(COS, 4), f32x4.mul(z, at(COS, 3))), f32x4.mul(f32x4.mul(p, z), z));
}

/** sin(x + quarters * pi/2) for |x| < 1e6; other lanes are left to the caller. */
@inline function sine4(x: v128, quarters: i32): v128 {
  const low = f64x2.promote_low_f32x4(x);
  const high = f64x2.promote_low_f32x4(v128.shuffle<i32>(x, x, 2, 3, 2, 3));
  const lowTurns = shiftedTurns(low);
  const highTurns = shiftedTurns(high);
  const r = v128.shuffle<i32>(
    f32x4.demote_f64x2_zero(withoutTurns(low, lowTurns)),
    f32x4.demote_f64x2_zero(withoutTurns(high, highTurns)),
    0, 1, 4, 5,
  );
  const quadrant = i32x4.add(v128.shuffle<i32>(lowTurns, highTurns, 0, 2, 4, 6), i32x4.splat(quarters));
  const odd = i32x4.shr_s(i32x4.shl(quadrant, 31), 31);
  const t = v128.bitselect(cosKernel(r), sinKernel(r), odd);
  return v128.xor(t, signOf(i32x4.shl(quadrant, 30)));
}
@inline function sin4(x: v128): v128 {
  return v128.bitselect(x, sine4(x, 0), f32x4.eq(x, f32x4.splat(0)));
}

// Addresses and lengths in bytes; a last group of less than four is computed whole.

export function exp(x: usize, out: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) v128.store(out + i, exp4(v128.load(x + i)));
}

export function log(x: usize, out: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) v128.store(out + i, log4(v128.load(x + i)));
}

export function sigmoid(x: usize, out: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) v128.store(out + i, sigmoid4(v128.load(x + i)));
}

export function sin(x: usize, out: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) v128.store(out + i, sin4(v128.load(x + i)));
}

export function cos(x: usize, out: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) v128.store(out + i, sine4(v128.load(x + i), 1));
}

export function erf(x: usize, out: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) v128.store(out + i, erf4(v128.load(x + i)));
}
