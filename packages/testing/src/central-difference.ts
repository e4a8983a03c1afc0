/** How far each input moves to either side. */
export interface CentralDifferenceOptions {
  /** Distance of both samples from the point; 1e-5 balances truncation against rounding in float64. Default 1e-5. */
  readonly step?: number;
}

/**
 * Gradient of a scalar function by central differences, the oracle for composites of any size.
 *
 * The error is about `step² |f'''| / 6 + 1e-16 |f| / step`, so `f` must compute in float64 and be smooth within `step`
 * of the point. The inputs are copied: `f` may keep or change what it is given.
 *
 * @param inputs the point, one array per input of `f`
 * @returns one array per input, as long as that input
 * @see Press et al., Numerical Recipes, section 5.7
 */
export function centralDifference(
  f: (inputs: Float64Array[]) => number,
  inputs: readonly Float64Array[],
  { step = 1e-5 }: CentralDifferenceOptions = {},
): Float64Array[] {
  const moved = (input: number, index: number, by: number): number => {
    const point = inputs.map((values) => values.slice());
    point[input]![index]! += by;
    return f(point);
  };
  return inputs.map((values, input) =>
    values.map((value, index) => {
      // the distance that rounding leaves, not the one that was asked for
      const distance = value + step - (value - step);
      return (moved(input, index, step) - moved(input, index, -step)) / distance;
    }),
  );
}
