import type { Data } from "../dtype.ts";
import { GradientError } from "../errors.ts";
import { apply } from "../tape.ts";
import type { Primitive, Spec } from "../tape.ts";
import type { Tensor } from "../tensor.ts";

/**
 * An operation of your own, computed by a loop over typed arrays; it works at once and within `compile`.
 *
 * It has no gradient: where one is wanted, call it within `customGradient`.
 *
 * @param output shape and dtype of the result, from those of the inputs
 * @param run reads the inputs' elements and writes every element of `out`; it must not keep any of these arrays
 * @throws GradientError when a gradient has to pass through it
 */
export function customOperation(
  name: string,
  output: (...inputs: readonly Spec[]) => Spec,
  run: (inputs: readonly Data[], out: Data) => void,
): (...inputs: readonly Tensor[]) => Tensor {
  const primitive: Primitive<void> = {
    name,
    bind: (inputs) => ({ ...output(...inputs), run }),
    pullback() {
      throw new GradientError(name, "expected no gradient to pass through it. Give it one with customGradient?");
    },
  };
  return (...inputs) => apply(primitive, inputs, undefined);
}
