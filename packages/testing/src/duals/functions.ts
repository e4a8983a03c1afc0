import type { Dual } from "../dual.ts";
import { add, mul } from "./arithmetic.ts";
import { erf as erfOf } from "./erf.ts";

/** `e^x` */
export function exp(x: Dual): Dual {
  return chain(x, Math.exp(x.value), Math.exp(x.value));
}

/** Natural logarithm, for x > 0. */
export function log(x: Dual): Dual {
  return chain(x, Math.log(x.value), 1 / x.value);
}

/** Square root, for x > 0. */
export function sqrt(x: Dual): Dual {
  return chain(x, Math.sqrt(x.value), 0.5 / Math.sqrt(x.value));
}

/** `x²` */
export function square(x: Dual): Dual {
  return mul(x, x);
}

/** `1 / x` */
export function reciprocal(x: Dual): Dual {
  return chain(x, 1 / x.value, -1 / x.value ** 2);
}

/** `x^exponent` for a constant exponent. */
export function pow(x: Dual, exponent: number): Dual {
  const slope = exponent === 0 ? 0 : exponent * x.value ** (exponent - 1);
  return chain(x, x.value ** exponent, slope);
}

/** Absolute value; its derivative at 0 is 0. */
export function abs(x: Dual): Dual {
  return chain(x, Math.abs(x.value), Math.sign(x.value));
}

/** -1, 0 or 1; its derivative is 0. */
export function sign(x: Dual): Dual {
  return chain(x, Math.sign(x.value), 0);
}

/** Sine of an angle in radians. */
export function sin(x: Dual): Dual {
  return chain(x, Math.sin(x.value), Math.cos(x.value));
}

/** Cosine of an angle in radians. */
export function cos(x: Dual): Dual {
  return chain(x, Math.cos(x.value), -Math.sin(x.value));
}

/** Hyperbolic tangent. */
export function tanh(x: Dual): Dual {
  return chain(x, Math.tanh(x.value), 1 / Math.cosh(x.value) ** 2);
}

/** `1 / (1 + e^-x)` */
export function sigmoid(x: Dual): Dual {
  const small = Math.exp(-Math.abs(x.value));
  return chain(x, 1 / (1 + Math.exp(-x.value)), small / (1 + small) ** 2);
}

/** `max(x, 0)`; its derivative at 0 is 0. */
export function relu(x: Dual): Dual {
  return chain(x, Math.max(x.value, 0), x.value > 0 ? 1 : 0);
}

/** `x sigmoid(x)` */
export function silu(x: Dual): Dual {
  return mul(x, sigmoid(x));
}

/** Error function. */
export function erf(x: Dual): Dual {
  return chain(x, erfOf(x.value), (2 / Math.sqrt(Math.PI)) * Math.exp(-(x.value ** 2)));
}

/** `x (1 + erf(x / √2)) / 2`, the exact form. */
export function gelu(x: Dual): Dual {
  return mul(mul(x, 0.5), add(erf(mul(x, Math.SQRT1_2)), 1));
}

/** The chain rule: `value` with the derivative `slope` times that of `x`. */
function chain(x: Dual, value: number, slope: number): Dual {
  return { value, derivative: x.derivative * slope };
}
