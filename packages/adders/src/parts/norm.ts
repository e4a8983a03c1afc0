import { add, div, mean, mul, sqrt, square } from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";

/**
 * Divides each row by its root mean square, and multiplies by weights where there are any.
 *
 * @param x `[..., features]`
 * @param weight `[features]`, or nothing for the norm without parameters
 * @param epsilon added to the mean square, from 0
 * @returns `[..., features]`
 * @see Zhang & Sennrich 2019, arXiv:1910.07467
 */
export function rmsNorm(x: Tensor, weight: Tensor | undefined, epsilon: number): Tensor {
  const unit = div(x, sqrt(add(mean(square(x), -1, true), epsilon)));
  return weight === undefined ? unit : mul(unit, weight);
}
