import { forEachRun } from "./channels.ts";
import { CodecError } from "./error.ts";
import { scaleOf } from "./scale.ts";
import { channelCount, normaliseAxes, show, sizeOf } from "./shape.ts";

/** Values as int8 codes: value = code * scale of its channel. */
export interface Quantized {
  /** Lengths of all axes. */
  readonly shape: readonly number[];
  /** Axes that have one scale per index (or combination of indices), ascending; none for one scale in all. */
  readonly axes: readonly number[];
  /** `[...shape]` in row-major order, each from -127 to 127. */
  readonly codes: Int8Array;
  /** One finite scale > 0 per channel, in row-major order of `axes`. */
  readonly scales: Float32Array;
}

/** How to quantise. */
export interface QuantizeConfig {
  /** Axis or axes with scales of their own; negative ones count from the end. Default: one scale for the whole tensor. */
  readonly axis?: number | readonly number[];
  /** Largest code, from 1 to 127: 7 for codes that would fit into 4 bits. Default 127. */
  readonly levels?: number;
}

/**
 * Symmetric int8 quantisation: each channel is divided by its scale and rounded, halves away from zero.
 *
 * @param values `[...shape]` in row-major order, finite, at most the largest float32 in magnitude; with fewer than 127
 *   levels at most 2^127, so that no code stands for more than that
 * @param shape lengths of all axes, at most 16
 * @returns codes in -levels..levels and a scale of 8 significant bits per channel; |value - code * scale| <= scale * (1/2 + 2^-45)
 * @throws CodecError `value` for NaN, infinities and magnitudes beyond float32, and for `levels` that are none; `shape` when
 *   lengths or axes disagree
 * @see Jacob et al. 2018, arXiv:1712.05877, for the scheme; here with a zero point of 0 and codes that leave -128 out
 */
export function quantize(
  values: Float32Array | Float64Array,
  shape: readonly number[],
  { axis = [], levels = 127 }: QuantizeConfig = {},
): Quantized {
  const size = sizeOf("quantize", shape);
  const axes = normaliseAxes("quantize", shape, typeof axis === "number" ? [axis] : axis);
  if (values.length !== size) throw wrongLength("quantize", shape, size, "values", values.length);
  if (!(Number.isInteger(levels) && levels >= 1 && levels <= 127)) throw wrongLevels(levels);
  const most = levels === 127 ? LARGEST : 2 ** 127;
  const largest = new Float64Array(channelCount(shape, axes));
  forEachRun(shape, axes, (start, length, channel, step) => {
    for (let i = 0; i < length; i++) {
      const magnitude = Math.abs(values[start + i]!);
      if (!(magnitude <= most)) throw notFinite(values[start + i]!, start + i);
      const c = channel + i * step;
      if (magnitude > largest[c]!) largest[c] = magnitude;
    }
  });
  const scales = Float32Array.from(largest, (magnitude) => scaleOf(magnitude, levels));
  const codes = new Int8Array(size);
  forEachRun(shape, axes, (start, length, channel, step) => {
    for (let i = 0; i < length; i++) {
      const ratio = values[start + i]! / scales[channel + i * step]!;
      // storing cuts the fraction off
      codes[start + i] = ratio < 0 ? ratio - 0.5 : ratio + 0.5;
    }
  });
  return { shape: [...shape], axes, codes, scales };
}

/**
 * The values that codes stand for: code * scale.
 *
 * @returns `[...shape]` float32; exact when the scales come from `quantize`, else rounded once
 * @throws CodecError `shape` when lengths or axes disagree
 */
export function dequantize({ codes, scales, shape, axes }: Quantized): Float32Array<ArrayBuffer> {
  checkQuantizedShape("dequantize", { codes, scales, shape, axes });
  const values = new Float32Array(codes.length);
  forEachRun(shape, axes, (start, length, channel, step) => {
    for (let i = 0; i < length; i++) values[start + i] = codes[start + i]! * scales[channel + i * step]!;
  });
  return values;
}

/** @throws CodecError `shape` unless axes ascend and there are as many codes and scales as the shape says */
export function checkQuantizedShape(
  operation: "dequantize" | "encode",
  { codes, scales, shape, axes }: Quantized,
): void {
  const size = sizeOf(operation, shape);
  const normal = normaliseAxes(operation, shape, axes);
  if (normal.some((axis, i) => axis !== axes[i])) {
    throw new CodecError({
      operation,
      code: "shape",
      expected: `ascending axes ${show(normal)}`,
      received: show(axes),
      repair: "Pass what quantize returned.",
    });
  }
  if (codes.length !== size) throw wrongLength(operation, shape, size, "codes", codes.length);
  const channels = channelCount(shape, axes);
  if (scales.length !== channels) {
    throw new CodecError({
      operation,
      code: "shape",
      expected: `${channels} scales for axes ${show(axes)} of ${show(shape)}`,
      received: `${scales.length}`,
      repair: "Pass what quantize returned.",
    });
  }
}

const LARGEST = (2 - 2 ** -23) * 2 ** 127;

function wrongLength(
  operation: "quantize" | "dequantize" | "encode",
  shape: readonly number[],
  size: number,
  what: "values" | "codes",
  length: number,
): CodecError {
  return new CodecError({
    operation,
    code: "shape",
    expected: `${size} ${what} for the shape ${show(shape)}`,
    received: `${length}`,
    repair: "Is the shape that of another tensor?",
  });
}

function wrongLevels(levels: number): CodecError {
  return new CodecError({
    operation: "quantize",
    code: "value",
    expected: "levels to be a whole number from 1 to 127",
    received: `${levels}`,
    repair: "Leave it out for 127?",
  });
}

function notFinite(value: number, index: number): CodecError {
  return new CodecError({
    operation: "quantize",
    code: "value",
    expected: "finite values within the range of float32",
    received: `${value} at index ${index}`,
    repair: "Did the training diverge?",
    offset: index,
  });
}
