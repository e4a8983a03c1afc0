import { ShapeError, show } from "../errors.ts";
import { copy } from "../loops/copy.ts";
import {
  broadcastShapes,
  broadcastStrides,
  checkShape,
  normaliseAxes,
  normaliseAxis,
  sameShape,
  sizeOf,
  stridesOf,
} from "../shape.ts";
import type { Shape } from "../shape.ts";
import { apply } from "../tape.ts";
import type { Primitive } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { sumTo } from "./reduce.ts";

const reshaping: Primitive<Shape> = {
  name: "reshape",
  bind: ([x], shape) => ({ shape, dtype: x!.dtype, alias: 0, run: () => undefined }),
  pullback: (_, g, [x]) => reshape(g, x!.shape),
};

/**
 * The same elements in another shape; one length may be -1 and is worked out from the others.
 *
 * @throws ShapeError when the number of elements differs
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const unknown = shape.indexOf(-1);
  const known = shape.reduce((product, length, axis) => (axis === unknown ? product : product * length), 1);
  const full = unknown === -1 ? [...shape] : shape.with(unknown, known === 0 ? 0 : x.size / known);
  const whole = full.every((length) => Number.isInteger(length) && length >= 0);
  if (!whole || sizeOf(full) !== x.size) {
    throw new ShapeError(
      "reshape",
      `expected a shape of ${x.size} elements, received ${show(shape)} for ${show(x.shape)}`,
      [x.shape, shape],
    );
  }
  return sameShape(full, x.shape) ? x : apply(reshaping, [x], full);
}

const permuting: Primitive<readonly number[]> = {
  name: "transpose",
  bind([x], axes) {
    const shape = axes.map((axis) => x!.shape[axis]!);
    const own = stridesOf(x!.shape);
    return {
      shape,
      dtype: x!.dtype,
      run: copy(
        shape,
        0,
        axes.map((axis) => own[axis]!),
      ),
    };
  },
  pullback: (_, g, _inputs, _output, axes) => transpose(g, inverse(axes)),
};

const inverse = (axes: readonly number[]): number[] => axes.map((_, place) => axes.indexOf(place));

/**
 * Axes in another order; by default the last two are swapped.
 *
 * @throws ShapeError when `axes` does not name each axis once
 */
export function transpose(x: Tensor, axes?: readonly number[]): Tensor {
  const rank = x.shape.length;
  if (axes === undefined && rank < 2) {
    throw new ShapeError("transpose", `expected at least two axes, received ${show(x.shape)}`, [x.shape]);
  }
  const order = axes ?? [...Array.from({ length: rank - 2 }, (_, axis) => axis), rank - 1, rank - 2];
  const normal = order.map((axis) => normaliseAxis("transpose", axis, rank));
  if (normal.length !== rank || new Set(normal).size !== rank) {
    throw new ShapeError("transpose", `expected each of ${rank} axes once, received ${show(order)}`, [x.shape]);
  }
  return normal.every((axis, place) => axis === place) ? x : apply(permuting, [x], normal);
}

const broadcasting: Primitive<Shape> = {
  name: "broadcastTo",
  bind: ([x], shape) => ({ shape, dtype: x!.dtype, run: copy(shape, 0, broadcastStrides(x!.shape, shape)) }),
  pullback: (_, g, [x]) => sumTo(g, x!.shape),
};

/**
 * Repeats a tensor along axes that it lacks or has at length 1.
 *
 * @throws ShapeError when it does not broadcast to the shape
 */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  checkShape("broadcastTo", shape);
  if (sameShape(x.shape, shape)) return x;
  if (!sameShape(broadcastShapes("broadcastTo", x.shape, shape), shape)) {
    throw new ShapeError("broadcastTo", `expected ${show(x.shape)} to broadcast to ${show(shape)}. Swap the shapes?`, [
      x.shape,
      shape,
    ]);
  }
  return apply(broadcasting, [x], [...shape]);
}

/** A new axis of length 1 before the given one; -1 appends it. */
export function expandDims(x: Tensor, axis: number): Tensor {
  const place = normaliseAxis("expandDims", axis, x.shape.length + 1);
  return reshape(x, x.shape.toSpliced(place, 0, 1));
}

/**
 * Without the given axes of length 1; without all of them by default.
 *
 * @throws ShapeError when a given axis is longer than 1
 */
export function squeeze(x: Tensor, axis?: number | readonly number[]): Tensor {
  const axes = normaliseAxes("squeeze", axis, x.shape.length).filter((one) => axis !== undefined || x.shape[one] === 1);
  const long = axes.find((one) => x.shape[one] !== 1);
  if (long !== undefined) {
    throw new ShapeError("squeeze", `expected length 1 at axis ${long}, received ${show(x.shape)}`, [x.shape]);
  }
  return reshape(
    x,
    x.shape.filter((_, one) => !axes.includes(one)),
  );
}

const flipping: Primitive<readonly number[]> = {
  name: "flip",
  bind([x], axes) {
    const strides = stridesOf(x!.shape).map((stride, axis) => (axes.includes(axis) ? -stride : stride));
    const origin = axes.reduce((offset, axis) => offset - (x!.shape[axis]! - 1) * strides[axis]!, 0);
    return { shape: x!.shape, dtype: x!.dtype, run: copy(x!.shape, origin, strides) };
  },
  pullback: (_, g, _inputs, _output, axes) => flip(g, axes),
};

/** Reverses the order along axes; along all of them by default. */
export function flip(x: Tensor, axis?: number | readonly number[]): Tensor {
  return apply(flipping, [x], normaliseAxes("flip", axis, x.shape.length));
}
