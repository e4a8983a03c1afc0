// Coefficients and argument reduction from fdlibm: Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
// Developed at SunSoft, a Sun Microsystems, Inc. business. Permission to use, copy, modify, and distribute this software
// is freely granted, provided that this notice is preserved.
import { reduceHuge } from "./reduce-huge.ts";

/**
 * Sine in float64, the same bits on every engine and for every size of the argument.
 *
 * @param x radians; NaN at ±Infinity
 * @see https://www.netlib.org/fdlibm/s_sin.c
 */
export function sin(x: number): number {
  if (Math.abs(x) <= 0.785398163397448279) return Math.abs(x) < 2 ** -27 ? x : sinKernel(x, 0);
  const quadrant = reduce(x);
  const t = (quadrant & 1) === 0 ? sinKernel(remainder[0]!, remainder[1]!) : cosKernel(remainder[0]!, remainder[1]!);
  return (quadrant & 2) === 0 ? t : -t;
}

/**
 * Cosine in float64, the same bits on every engine and for every size of the argument.
 *
 * @param x radians; NaN at ±Infinity
 * @see https://www.netlib.org/fdlibm/s_cos.c
 */
export function cos(x: number): number {
  if (Math.abs(x) <= 0.785398163397448279) return cosKernel(x, 0);
  const quadrant = reduce(x);
  const t = (quadrant & 1) === 0 ? cosKernel(remainder[0]!, remainder[1]!) : sinKernel(remainder[0]!, remainder[1]!);
  return ((quadrant + 1) & 2) === 0 ? t : -t;
}

const remainder = new Float64Array(2);

/** Quadrant of x; leaves x - quadrant * pi/2 in `remainder` as a sum of two numbers. */
function reduce(x: number): number {
  const size = Math.abs(x);
  if (!(size < Infinity)) {
    remainder.fill(NaN);
    return 0;
  }
  if (size > 1647099) return reduceHuge(x, remainder);
  // Cody-Waite: pi/2 in pieces of 33 bits, one more piece after each cancellation
  const n = Math.floor(x * 6.36619772367581382433e-1 + 0.5);
  let r = x - n * 1.57079632673412561417;
  let w = n * 6.07710050650619224932e-11;
  if (Math.abs(r - w) < size * 2 ** -16) {
    const t = r;
    w = n * 6.0771005063039659766e-11;
    r = t - w;
    w = n * 2.02226624879595063154e-21 - (t - r - w);
    if (Math.abs(r - w) < size * 2 ** -49) {
      const u = r;
      w = n * 2.0222662487111664558e-21;
      r = u - w;
      w = n * 8.47842766036889956997e-32 - (u - r - w);
    }
  }
  const high = r - w;
  remainder[0] = high;
  remainder[1] = r - high - w;
  return n & 3;
}

function sinKernel(x: number, y: number): number {
  const z = x * x;
  const w = z * z;
  const r =
    8.33333333332248946124e-3 +
    z * (-1.98412698298579493134e-4 + z * 2.75573137070700676789e-6) +
    z * w * (-2.50507602534068634195e-8 + z * 1.58969099521155010221e-10);
  const v = z * x;
  return x - (z * (0.5 * y - v * r) - y - v * -1.66666666666666324348e-1);
}

function cosKernel(x: number, y: number): number {
  const z = x * x;
  const square = z * z;
  const r =
    z * (4.16666666666666019037e-2 + z * (-1.38888888888741095749e-3 + z * 2.48015872894767294178e-5)) +
    square * square * (-2.75573143513906633035e-7 + z * (2.0875723212981748279e-9 + z * -1.13596475577881948265e-11));
  const half = 0.5 * z;
  const w = 1 - half;
  return w + (1 - w - half + (z * r - x * y));
}
