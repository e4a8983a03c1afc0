/** A number and its derivative with respect to the variable of `dual`. */
export interface Dual {
  readonly value: number;
  readonly derivative: number;
}

/**
 * Value and derivative of a scalar function by forward-mode dual numbers, to about 1e-14.
 *
 * Shares nothing with reverse-mode gradients: no tape, no step size.
 *
 * @param f composed of the functions in `duals`
 * @see Wengert 1964, doi:10.1145/355586.364791
 */
export function dual(f: (x: Dual) => Dual, x: number): Dual {
  return f({ value: x, derivative: 1 });
}
