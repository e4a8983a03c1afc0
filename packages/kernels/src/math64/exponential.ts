// Coefficients of exp and log from fdlibm, of tanh from Cephes (Moshier).
// fdlibm: Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunSoft, a Sun Microsystems, Inc.
// business. Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice
// is preserved.
import { highWord, powerOfTwo } from "../bits.ts";

const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;
const INVERSE_LN2 = 1.442695040888963387;
const TWO_54 = 18014398509481984;

/**
 * e^x in float64, the same bits on every engine.
 *
 * @param x any number; overflows to Infinity above 709.78, reaches 0 below -745.13
 * @see https://www.netlib.org/fdlibm/e_exp.c
 */
export function exp(x: number): number {
  if (!(x <= 709.782712893383973096)) return x > 0 ? Infinity : NaN;
  if (x < -745.13321910194110842) return 0;
  const k = Math.floor(INVERSE_LN2 * x + 0.5);
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const t = r * r;
  const c =
    r -
    t *
      (1.66666666666666019037e-1 +
        t *
          (-2.77777777770155933842e-3 +
            t * (6.61375632143793436117e-5 + t * (-1.6533902205465251539e-6 + t * 4.13813679705723846039e-8))));
  const y = 1 - (low - (r * c) / (2 - c) - high);
  const half = k >> 1;
  return y * powerOfTwo(half) * powerOfTwo(k - half);
}

/**
 * Natural logarithm in float64, the same bits on every engine.
 *
 * @param x any number; NaN below 0, -Infinity at ±0
 * @see https://www.netlib.org/fdlibm/e_log.c
 */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  const subnormal = x < 2.2250738585072014e-308;
  const scaled = subnormal ? x * TWO_54 : x;
  // scaled = 2^exponent * (1 + f) with 1 + f in [sqrt(1/2), sqrt(2))
  const high = highWord(scaled) + (0x3ff00000 - 0x3fe6a09e);
  const exponent = (high >> 20) - 0x3ff;
  const k = subnormal ? exponent - 54 : exponent;
  const f = scaled * powerOfTwo(-exponent) - 1;
  const halfSquare = 0.5 * f * f;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1));
  const odd =
    z *
    (6.66666666666673513e-1 +
      w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)));
  return s * (halfSquare + odd + even) + k * LN2_LOW - halfSquare + f + k * LN2_HIGH;
}

/**
 * Hyperbolic tangent in float64, the same bits on every engine.
 *
 * @param x any number
 * @see https://www.netlib.org/cephes/ (tanh.c)
 */
export function tanh(x: number): number {
  const size = Math.abs(x);
  if (size >= 0.625) {
    const t = size > 22 ? 1 : 1 - 2 / (exp(2 * size) + 1);
    return x < 0 ? -t : t;
  }
  if (!(size > 0)) return x === 0 ? x : NaN;
  const z = x * x;
  const p = (-0.9643991794250523 * z - 99.28772310019185) * z - 1614.6876844170845;
  const q = ((z + 112.81167849163293) * z + 2235.4883906010045) * z + 4844.063053251255;
  return x + x * z * (p / q);
}

/**
 * Logistic function 1 / (1 + e^-x) in float64, the same bits on every engine.
 *
 * @param x any number; results below 1 - 2^-53 keep their relative accuracy down to the subnormals
 */
export function sigmoid(x: number): number {
  const e = exp(-Math.abs(x));
  return (x < 0 ? e : 1) / (1 + e);
}
