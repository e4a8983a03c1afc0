import { dequantize, quantize } from "@ganglion/int8";
import { customGradient, fromData, mul } from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";
import { checkSetting } from "./check.ts";

/** How `fakeQuantize` rounds. */
export interface FakeQuantizeConfig {
  /** Axis or axes with scales of their own; negative ones count from the end. Default: one scale for the whole tensor. */
  readonly axis?: number | readonly number[];
  /** Largest code, from 1 to 127. Default 127. */
  readonly levels?: number;
  /**
   * Largest magnitude that a code stands for, above 0; what lies beyond becomes the largest code. Default: the largest of
   * each channel, so that nothing lies beyond.
   */
  readonly range?: number;
}

/**
 * The values that a tensor has after it was written as int8 codes and read again; training goes on as if nothing had happened.
 *
 * The gradient passes straight through the rounding, and is 0 where `range` cut a value off. Values are computed at once:
 * the step of a training that uses it is not compiled.
 *
 * `fakeQuantize(weights, { axis: 1, levels: 7 })`
 *
 * @param x float32 `[...shape]`
 * @returns float32 `[...shape]`; what `dequantize(quantize(x))` of `@ganglion/int8` gives, unless `range` is given
 * @throws ConfigError when `levels` or `range` is outside its range
 * @throws CodecError when a value is not finite, or an axis is none of the tensor's
 * @see Bengio et al. 2013, arXiv:1308.3432 (the straight-through gradient); Jacob et al. 2018, arXiv:1712.05877
 */
export function fakeQuantize(x: Tensor, { axis = [], levels = 127, range }: FakeQuantizeConfig = {}): Tensor {
  const expected = "levels to be a whole number from 1 to 127";
  checkSetting("fakeQuantize", expected, levels, Number.isInteger(levels) && levels >= 1 && levels <= 127);
  if (range !== undefined) checkSetting("fakeQuantize", "range above 0", range, range > 0 && range < Infinity);
  return customGradient((values) => {
    const { data, shape } = values;
    const floats = Float32Array.from(data);
    const rounded =
      range === undefined
        ? dequantize(quantize(floats, shape, { axis, levels }))
        : onGrid(floats, range / levels, levels);
    return {
      value: fromData(rounded, shape),
      pullback: (cotangent) => [
        range === undefined
          ? cotangent
          : mul(
              cotangent,
              fromData(
                floats.map((value) => (Math.abs(value) <= range ? 1 : 0)),
                shape,
              ),
            ),
      ],
    };
  })(x);
}

/** The nearest multiples of a step, halves away from zero, as the codec rounds. */
function onGrid(values: Float32Array, step: number, levels: number): Float32Array {
  return values.map((value) => {
    const ratio = value / step;
    const code = Math.trunc(ratio < 0 ? ratio - 0.5 : ratio + 0.5);
    return Math.min(Math.max(code, -levels), levels) * step;
  });
}
