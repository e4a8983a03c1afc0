import { viewOf } from "../dtype.ts";
import type { Data, DType } from "../dtype.ts";
import { ConfigError, ShapeError, show } from "../errors.ts";
import { around, normaliseAxis, stridesOf } from "../shape.ts";
import type { Shape } from "../shape.ts";
import { planStrides } from "../loops/broadcast.ts";
import { copy, copyRun } from "../loops/copy.ts";
import { apply } from "../tape.ts";
import type { Kernel, Primitive } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { expandDims } from "./layout.ts";
import { requireSameDType } from "./require.ts";

const concatenation: Primitive<number> = {
  name: "concat",
  bind(inputs, axis) {
    const [first] = inputs;
    const { dtype } = first!;
    const length = inputs.reduce((total, input) => total + input.shape[axis]!, 0);
    const shape = first!.shape.with(axis, length);
    const { outer, inner } = around(shape, axis);
    const runs = inputs.map((input) => input.shape[axis]! * inner);
    const run: Kernel["run"] = (parts, out) => {
      let offset = 0;
      parts.forEach((data, index) => {
        const width = runs[index]!;
        for (let row = 0; row < outer; row++) copyRun(data, row * width, out, row * length * inner + offset, width);
        offset += width;
      });
    };
    return { shape, dtype, run, ...(outer === 1 && { found: (parts) => joined(parts, dtype) }) };
  },
  pullback(index, g, inputs, _output, axis) {
    const start = inputs.slice(0, index).reduce((total, input) => total + input.shape[axis]!, 0);
    const ranges: Range[] = g.shape.map(() => null);
    ranges[axis] = [start, start + inputs[index]!.shape[axis]!];
    return slice(g, ranges);
  },
};

/** The elements of all parts as they stand, where each begins where the one before it ends in one memory. */
function joined(parts: readonly Data[], dtype: DType): Data | undefined {
  const [first] = parts as [Data];
  let end = first.byteOffset;
  for (const { buffer, byteOffset, byteLength } of parts) {
    if (buffer !== first.buffer || byteOffset !== end) return undefined;
    end += byteLength;
  }
  return viewOf(dtype, first.buffer, first.byteOffset, (end - first.byteOffset) / first.BYTES_PER_ELEMENT);
}

/**
 * Tensors joined along an existing axis.
 *
 * @throws ShapeError when there is none, or lengths differ along another axis
 */
export function concat(tensors: readonly Tensor[], axis = 0): Tensor {
  const [first] = tensors;
  if (first === undefined) throw new ShapeError("concat", "expected at least one tensor, received none");
  requireSameDType("concat", tensors);
  const place = normaliseAxis("concat", axis, first.shape.length);
  for (const { shape } of tensors) {
    if (
      shape.length === first.shape.length &&
      shape.every((length, one) => one === place || length === first.shape[one])
    )
      continue;
    const shapes = [first.shape, shape];
    throw new ShapeError(
      "concat",
      `expected lengths that agree except along axis ${place}, received ${shapes.map(show).join(" and ")}`,
      shapes,
    );
  }
  return tensors.length === 1 ? first : apply(concatenation, tensors, place);
}

/**
 * Tensors of one shape joined along a new axis; where they stand side by side in one memory, along the first one, nothing is copied.
 *
 * @throws ShapeError when there is none, or their shapes differ
 */
export function stack(tensors: readonly Tensor[], axis = 0): Tensor {
  const [first] = tensors;
  if (first === undefined) throw new ShapeError("stack", "expected at least one tensor, received none");
  requireSameDType("stack", tensors);
  const place = normaliseAxis("stack", axis, first.shape.length + 1);
  for (const { shape } of tensors) {
    if (shape.length === first.shape.length && shape.every((length, one) => length === first.shape[one])) continue;
    const shapes = [first.shape, shape];
    throw new ShapeError("stack", `expected tensors of one shape, received ${shapes.map(show).join(" and ")}`, shapes);
  }
  return concat(
    tensors.map((one) => expandDims(one, place)),
    place,
  );
}

/** Part of an axis: from start up to but not including stop, in steps; negative places count from the end; null is all. */
export type Range =
  | readonly [start: number, stop: number]
  | readonly [start: number, stop: number, step: number]
  | null;

interface Window {
  readonly starts: readonly number[];
  readonly steps: readonly number[];
  readonly shape: Shape;
}

const windowing: Primitive<Window> = {
  name: "slice",
  bind([x], { starts, steps, shape }) {
    const strides = stridesOf(x!.shape);
    const origin = starts.reduce((offset, start, axis) => offset + start * strides[axis]!, 0);
    const stepped = strides.map((stride, axis) => stride * steps[axis]!);
    const kernel = { shape, dtype: x!.dtype, run: copy(shape, origin, stepped) };
    return isContiguous(x!.shape, steps, shape) ? { ...kernel, alias: origin } : kernel;
  },
  pullback: (_, g, [x], _output, window) => apply(embedding, [g], { ...window, whole: x!.shape }),
};

/** Zeros of shape `whole` with a tensor written into a window of it: the transpose of a slice. */
const embedding: Primitive<Window & { readonly whole: Shape; readonly value?: number }> = {
  name: "embed",
  bind([x], { starts, steps, whole, value = 0 }) {
    const strides = stridesOf(whole);
    const origin = starts.reduce((offset, start, axis) => offset + start * strides[axis]!, 0);
    const walk = planStrides(x!.shape, [stridesOf(x!.shape), strides.map((stride, axis) => stride * steps[axis]!)]);
    const [from, to] = walk.steps as [number, number];
    const run: Kernel["run"] = ([data], out) => {
      out.fill(value);
      walk.forEach((_, source, target) => {
        for (let i = 0; i < walk.length; i++) out[origin + target + i * to] = data![source + i * from]!;
      });
    };
    return { shape: whole, dtype: x!.dtype, run };
  },
  pullback: (_, g, _inputs, _output, { starts, steps, shape }) => apply(windowing, [g], { starts, steps, shape }),
};

/** Whether a window is one unbroken run of memory: only the first axis that is longer than 1 may be cut. */
function isContiguous(whole: Shape, steps: readonly number[], shape: Shape): boolean {
  const cut = shape.findIndex((length) => length !== 1);
  if (cut === -1) return true;
  return steps[cut] === 1 && shape.every((length, axis) => axis <= cut || length === whole[axis]);
}

/**
 * A window of a tensor; axes that `ranges` does not reach are taken whole.
 *
 * @throws ShapeError when a range leaves its axis or there are more ranges than axes
 * @throws ConfigError when a step is not a whole number from 1
 */
export function slice(x: Tensor, ranges: readonly Range[]): Tensor {
  if (ranges.length > x.shape.length) {
    throw new ShapeError("slice", `expected at most ${x.shape.length} ranges, received ${ranges.length}`, [x.shape]);
  }
  const starts: number[] = [];
  const steps: number[] = [];
  const shape = x.shape.map((length, axis) => {
    const [from, to, step = 1] = ranges[axis] ?? [0, length];
    const start = from < 0 ? from + length : from;
    const stop = to < 0 ? to + length : to;
    if (!Number.isInteger(step) || step < 1) {
      throw new ConfigError(
        "slice",
        `expected a step that is a whole number from 1, received ${step}. Use flip to reverse?`,
      );
    }
    if (!Number.isInteger(start) || !Number.isInteger(stop) || start < 0 || stop < start || stop > length) {
      throw new ShapeError("slice", `expected a range within ${length} at axis ${axis}, received [${from}, ${to}]`, [
        x.shape,
      ]);
    }
    starts.push(start);
    steps.push(step);
    return Math.ceil((stop - start) / step);
  });
  if (shape.every((length, axis) => length === x.shape[axis])) return x;
  return apply(windowing, [x], { starts, steps, shape });
}

/**
 * Borders of a constant value: `[before, after]` for each axis.
 *
 * @throws ShapeError when there is not one pair of whole numbers from 0 per axis
 */
export function pad(x: Tensor, widths: readonly (readonly [before: number, after: number])[], value = 0): Tensor {
  const valid = widths.every((pair) => pair.every((width) => Number.isInteger(width) && width >= 0));
  if (widths.length !== x.shape.length || !valid) {
    const received = `[${widths.map(show).join(", ")}]`;
    throw new ShapeError("pad", `expected ${x.shape.length} pairs of whole numbers from 0, received ${received}`, [
      x.shape,
    ]);
  }
  const whole = x.shape.map((length, axis) => widths[axis]![0] + length + widths[axis]![1]);
  const starts = widths.map(([before]) => before);
  const window = { starts, steps: starts.map(() => 1), shape: x.shape };
  return apply(embedding, [x], { ...window, whole, value });
}
