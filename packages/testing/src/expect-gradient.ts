import { centralDifference } from "./central-difference.ts";

/** A scalar function, the gradient it claims to have, and the point at which the two are compared. */
export interface GradientClaim {
  /** The function; must compute in float64 and be smooth within 1e-5 of the point. */
  readonly value: (inputs: readonly Float64Array[]) => number;
  /** The claimed gradient: one array per input, as long as that input. */
  readonly gradient: (inputs: readonly Float64Array[]) => readonly Float64Array[];
  /** The point, one array per input. */
  readonly at: readonly Float64Array[];
  /** Allowed difference relative to `1 + |numeric|`. Default 1e-7. */
  readonly tolerance?: number;
}

/**
 * Compares a claimed gradient with central differences at one point.
 *
 * Every element must satisfy `|analytic - numeric| <= tolerance * (1 + |numeric|)`; a NaN on either side fails.
 *
 * @throws Error that names the input, the index and both numbers of the first element which differs, or what is wrong
 *   with the number or the length of the gradients
 */
export function expectGradient({ value, gradient, at, tolerance = 1e-7 }: GradientClaim): void {
  const analytic = gradient(at.map((input) => input.slice()));
  if (analytic.length !== at.length) {
    throw new Error(`expectGradient: expected ${at.length} gradients, received ${analytic.length}`);
  }
  const numeric = centralDifference(value, at);
  for (const [input, expected] of numeric.entries()) {
    const received = analytic[input]!;
    if (received.length !== expected.length) {
      throw new Error(
        `expectGradient: gradient of input ${input}: expected ${expected.length} elements, received ${received.length}`,
      );
    }
    for (const [index, number] of expected.entries()) {
      // written so that NaN fails
      if (Math.abs(received[index]! - number) <= tolerance * (1 + Math.abs(number))) continue;
      throw new Error(
        `expectGradient: input ${input}, index ${index}: analytic ${received[index]!}, numeric ${number}`,
      );
    }
  }
}
