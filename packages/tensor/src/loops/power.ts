import { exp, log } from "@ganglion/kernels";

/** `x^exponent`: repeated multiplication for whole exponents to 64, a square root for 1/2, else `e^(exponent log x)`. */
export function power(x: number, exponent: number): number {
  if (exponent === 0.5) return Math.sqrt(x);
  if (!Number.isInteger(exponent) || Math.abs(exponent) > 64) return exp(exponent * log(x));
  let result = 1;
  let factor = x;
  for (let rest = Math.abs(exponent); rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= factor;
    factor *= factor;
  }
  return exponent < 0 ? 1 / result : result;
}
