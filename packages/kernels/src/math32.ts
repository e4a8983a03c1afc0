// Every operation is rounded to float32, so that SIMD code can agree bit for bit. Coefficients of exp, log, tanh, sin and
// cos from Cephes (Moshier), of erf from N. Juffa.
import { bits32, fromBits32 } from "./bits.ts";
import { cos, sin } from "./math64/trigonometric.ts";

const f = Math.fround;
const LN2_HIGH = f(0.693359375);
const LN2_LOW = f(-2.1219444e-4);
const INVERSE_LN2 = f(1.44269504);
/** Adding and subtracting 1.5 * 2^23 rounds a float32 to the nearest integer. */
const ROUNDER = f(12582912);
/** The same for float64: 1.5 * 2^52. */
const ROUNDER64 = 6755399441055744;

const EXP0 = f(1.98756915e-4);
const EXP1 = f(1.3981999507e-3);
const EXP2 = f(8.3334519073e-3);
const EXP3 = f(4.1665795894e-2);
const EXP4 = f(1.6666665459e-1);
const EXP5 = f(5.0000001201e-1);

/** Float32 twin of `exp`: at most 1 ulp or so, subnormals included. */
export function exp32(x: number): number {
  const c = f(Math.min(Math.max(x, -104), 89));
  const n = f(f(f(c * INVERSE_LN2) + ROUNDER) - ROUNDER);
  const r = f(f(c - f(n * LN2_HIGH)) - f(n * LN2_LOW));
  let p = EXP0;
  p = f(f(p * r) + EXP1);
  p = f(f(p * r) + EXP2);
  p = f(f(p * r) + EXP3);
  p = f(f(p * r) + EXP4);
  p = f(f(p * r) + EXP5);
  p = f(f(f(p * f(r * r)) + r) + 1);
  const k = n | 0;
  const half = k >> 1;
  return f(f(p * fromBits32((half + 127) << 23)) * fromBits32((k - half + 127) << 23));
}

/** Float32 twin of `log`. */
export function log32(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  const subnormal = x < 1.1754943508222875e-38;
  // x = 2^k * m with m in [sqrt(1/2), sqrt(2))
  const bits = bits32(subnormal ? f(x * 8388608) : x) + (0x3f800000 - 0x3f3504f3);
  const k = f((bits >> 23) - 127 - (subnormal ? 23 : 0));
  const m = f(fromBits32((bits & 0x7fffff) + 0x3f3504f3) - 1);
  const z = f(m * m);
  let p = f(7.0376836292e-2);
  p = f(f(p * m) + f(-1.151461031e-1));
  p = f(f(p * m) + f(1.167699874e-1));
  p = f(f(p * m) + f(-1.2420140846e-1));
  p = f(f(p * m) + f(1.4249322787e-1));
  p = f(f(p * m) + f(-1.6668057665e-1));
  p = f(f(p * m) + f(2.0000714765e-1));
  p = f(f(p * m) + f(-2.4999993993e-1));
  p = f(f(p * m) + f(3.3333331174e-1));
  let y = f(f(m * z) * p);
  y = f(y + f(k * LN2_LOW));
  y = f(y - f(z * f(0.5)));
  return f(f(m + y) + f(k * LN2_HIGH));
}

/** Float32 twin of `tanh`. */
export function tanh32(x: number): number {
  const size = Math.abs(x);
  if (size > f(0.625)) {
    const t = f(1 - f(2 / f(exp32(f(2 * size)) + 1)));
    return x < 0 ? -t : t;
  }
  if (!(size > 0)) return x === 0 ? x : NaN;
  const z = f(x * x);
  let p = f(-5.70498872745e-3);
  p = f(f(p * z) + f(2.06390887954e-2));
  p = f(f(p * z) + f(-5.37397155531e-2));
  p = f(f(p * z) + f(1.33314422036e-1));
  p = f(f(p * z) + f(-3.33332819422e-1));
  return f(f(f(p * z) * x) + x);
}

/** Float32 twin of `sigmoid`. */
export function sigmoid32(x: number): number {
  const e = exp32(f(-Math.abs(x)));
  return f((x < 0 ? e : 1) / f(1 + e));
}

/** Float32 twin of `sin`; the argument is reduced in float64, which SIMD has too. */
export function sin32(x: number): number {
  if (!(Math.abs(x) < 1e6)) return f(sin(x));
  if (x === 0) return x;
  const n = x * 6.36619772367581382433e-1 + ROUNDER64 - ROUNDER64;
  const r = f(x - n * 1.57079632673412561417 - n * 6.07710050650619224932e-11);
  const t = (n & 1) === 0 ? sinKernel(r) : cosKernel(r);
  return (n & 2) === 0 ? t : -t;
}

/** Float32 twin of `cos`; the argument is reduced in float64, which SIMD has too. */
export function cos32(x: number): number {
  if (!(Math.abs(x) < 1e6)) return f(cos(x));
  const n = x * 6.36619772367581382433e-1 + ROUNDER64 - ROUNDER64;
  const r = f(x - n * 1.57079632673412561417 - n * 6.07710050650619224932e-11);
  const t = (n & 1) === 0 ? cosKernel(r) : sinKernel(r);
  return ((n + 1) & 2) === 0 ? t : -t;
}

function sinKernel(r: number): number {
  const z = f(r * r);
  let p = f(-1.9515295891e-4);
  p = f(f(p * z) + f(8.3321608736e-3));
  p = f(f(p * z) + f(-1.6666654611e-1));
  return f(f(f(p * z) * r) + r);
}

function cosKernel(r: number): number {
  const z = f(r * r);
  let p = f(2.443315711809948e-5);
  p = f(f(p * z) + f(-1.388731625493765e-3));
  p = f(f(p * z) + f(4.166664568298827e-2));
  return f(f(1 - f(z * f(0.5))) + f(f(p * z) * z));
}

/** Float32 twin of `erf`. */
export function erf32(x: number): number {
  const size = Math.abs(x);
  const s = f(x * x);
  if (size > f(0.927734375)) {
    const t = f(Math.min(size, 4));
    let r = f(-1.7285347e-5);
    r = f(f(r * t) + f(3.83197126e-4));
    r = f(f(r * t) + f(-3.88396438e-3));
    r = f(f(r * t) + f(2.42546219e-2));
    r = f(f(r * t) + f(-1.06777877e-1));
    r = f(f(r * t) + f(-6.34846687e-1));
    r = f(f(r * t) + f(-1.28717512e-1));
    r = f(f(r * t) - t);
    const y = f(1 - exp32(r));
    return x < 0 ? -y : y;
  }
  if (!(size > 0)) return x === 0 ? x : NaN;
  let r = f(-5.96761703e-4);
  r = f(f(r * s) + f(4.99119423e-3));
  r = f(f(r * s) + f(-2.67681349e-2));
  r = f(f(r * s) + f(1.12819925e-1));
  r = f(f(r * s) + f(-3.76125336e-1));
  r = f(f(r * s) + f(1.28379166e-1));
  return f(f(r * x) + x);
}
