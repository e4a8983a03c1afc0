import { sumColumns, sumRows } from "@ganglion/kernels";
import { isFloat } from "../dtype.ts";
import { ShapeError, show } from "../errors.ts";
import { planStrides } from "../loops/broadcast.ts";
import { around, normaliseAxes, normaliseAxis, sameShape, sizeOf, stridesOf } from "../shape.ts";
import type { Shape } from "../shape.ts";
import { apply } from "../tape.ts";
import type { Kernel, Primitive } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { div, equal, mul, sub } from "./arithmetic.ts";
import { cast } from "./cast.ts";
import { square } from "./elementwise.ts";
import { broadcastTo, reshape } from "./layout.ts";
import { requireFloat } from "./require.ts";

interface Axes {
  readonly axes: readonly number[];
  readonly keepAxis: boolean;
}

/** Shape with the reduced axes at length 1, and the strides with which the input walks over the output. */
function reduction(shape: Shape, axes: readonly number[]): { kept: Shape; strides: number[] } {
  const kept = shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
  const strides = stridesOf(kept).map((stride, axis) => (axes.includes(axis) ? 0 : stride));
  return { kept, strides };
}

const withoutAxes = (shape: Shape, { axes, keepAxis }: Axes): Shape =>
  keepAxis
    ? shape.map((length, axis) => (axes.includes(axis) ? 1 : length))
    : shape.filter((_, axis) => !axes.includes(axis));

const withAxes = (x: Tensor, shape: Shape, axes: readonly number[]): Tensor =>
  reshape(
    x,
    shape.map((length, axis) => (axes.includes(axis) ? 1 : length)),
  );

/** A loop that sums over axes: by rows or columns where the axes are the last or the first ones. */
function summing(shape: Shape, axes: readonly number[]): Kernel["run"] {
  const [first = 0] = axes;
  const neighbours = axes.every((axis, place) => axis === first + place);
  if (neighbours && first + axes.length === shape.length) {
    const length = sizeOf(shape.slice(first));
    const rows = sizeOf(shape.slice(0, first));
    return ([data], out) => sumRows(data!, out, rows, length);
  }
  if (neighbours && first === 0) {
    const rows = sizeOf(shape.slice(0, axes.length));
    const length = sizeOf(shape.slice(axes.length));
    return ([data], out) => sumColumns(data!, out, rows, length);
  }
  const { kept, strides } = reduction(shape, axes);
  const { length, steps, forEach } = planStrides(shape, [stridesOf(shape), strides]);
  const [, step] = steps as [number, number];
  const total = new Float64Array(sizeOf(kept));
  return ([data], out) => {
    total.fill(0);
    forEach((_, start, target) => {
      for (let i = 0; i < length; i++) total[target + i * step]! += data![start + i]!;
    });
    out.set(total);
  };
}

const summation: Primitive<Axes> = {
  name: "sum",
  bind([x], attributes) {
    const dtype = isFloat(x!.dtype) ? x!.dtype : "int32";
    return { shape: withoutAxes(x!.shape, attributes), dtype, run: summing(x!.shape, attributes.axes) };
  },
  pullback: (_, g, [x], _output, { axes }) => broadcastTo(withAxes(g, x!.shape, axes), x!.shape),
};

function extremum(name: "max" | "min", pick: (a: number, b: number) => number, start: number): Primitive<Axes> {
  return {
    name,
    bind([x], attributes) {
      const { kept, strides } = reduction(x!.shape, attributes.axes);
      const { length, steps, forEach } = planStrides(x!.shape, [stridesOf(x!.shape), strides]);
      const [, step] = steps as [number, number];
      const best = new Float64Array(sizeOf(kept));
      const run: Kernel["run"] = ([data], out) => {
        best.fill(start);
        forEach((_, from, target) => {
          for (let i = 0; i < length; i++) best[target + i * step] = pick(best[target + i * step]!, data![from + i]!);
        });
        out.set(best);
      };
      return { shape: withoutAxes(x!.shape, attributes), dtype: x!.dtype, run };
    },
    pullback(_, g, [x], output, { axes }) {
      const hits = cast(equal(x!, withAxes(output, x!.shape, axes)), g.dtype);
      return mul(hits, div(withAxes(g, x!.shape, axes), sum(hits, axes, true)));
    },
  };
}

const largest = extremum("max", Math.max, -Infinity);
const smallest = extremum("min", Math.min, Infinity);

function reduce(
  primitive: Primitive<Axes>,
  x: Tensor,
  axis: number | readonly number[] | undefined,
  keepAxis: boolean,
): Tensor {
  return apply(primitive, [x], { axes: normaliseAxes(primitive.name, axis, x.shape.length), keepAxis });
}

/** Sum over axes (all by default), added up in float64; integers give int32. */
export function sum(x: Tensor, axis?: number | readonly number[], keepAxis = false): Tensor {
  return reduce(summation, x, axis, keepAxis);
}

/**
 * Mean over axes (all by default).
 *
 * @throws ShapeError when there is nothing to average
 */
export function mean(x: Tensor, axis?: number | readonly number[], keepAxis = false): Tensor {
  requireFloat("mean", x);
  const count = countOver("mean", x, axis);
  return div(sum(x, axis, keepAxis), count);
}

/**
 * Largest element over axes (all by default); the gradient is shared evenly among equal ones.
 *
 * @throws ShapeError when there is no element
 */
export function max(x: Tensor, axis?: number | readonly number[], keepAxis = false): Tensor {
  countOver("max", x, axis);
  return reduce(largest, x, axis, keepAxis);
}

/**
 * Smallest element over axes (all by default); the gradient is shared evenly among equal ones.
 *
 * @throws ShapeError when there is no element
 */
export function min(x: Tensor, axis?: number | readonly number[], keepAxis = false): Tensor {
  countOver("min", x, axis);
  return reduce(smallest, x, axis, keepAxis);
}

/** Mean squared distance from the mean over axes (all by default), divided by the count. */
export function variance(x: Tensor, axis?: number | readonly number[], keepAxis = false): Tensor {
  requireFloat("variance", x);
  countOver("variance", x, axis);
  return mean(square(sub(x, mean(x, axis, true))), axis, keepAxis);
}

const largestPlace = argExtremum("argmax", 1);
const smallestPlace = argExtremum("argmin", -1);

function placeAxis(operation: string, x: Tensor, axis: number): number {
  const place = normaliseAxis(operation, axis, x.shape.length);
  countOver(operation, x, place);
  return place;
}

/** Place of the largest element along an axis, int32; the first at ties. */
export function argmax(x: Tensor, axis = -1): Tensor {
  return apply(largestPlace, [x], placeAxis("argmax", x, axis));
}

/** Place of the smallest element along an axis, int32; the first at ties. */
export function argmin(x: Tensor, axis = -1): Tensor {
  return apply(smallestPlace, [x], placeAxis("argmin", x, axis));
}

function argExtremum(name: string, direction: 1 | -1): Primitive<number> {
  return {
    name,
    bind([x], axis) {
      const { outer, length, inner } = around(x!.shape, axis);
      const run: Kernel["run"] = ([data], out) => {
        for (let row = 0; row < outer; row++) {
          for (let column = 0; column < inner; column++) {
            const start = row * length * inner + column;
            let best = 0;
            for (let index = 1; index < length; index++) {
              if (direction * (data![start + index * inner]! - data![start + best * inner]!) > 0) best = index;
            }
            out[row * inner + column] = best;
          }
        }
      };
      return { shape: withoutAxes(x!.shape, { axes: [axis], keepAxis: false }), dtype: "int32", run };
    },
  };
}

function countOver(operation: string, x: Tensor, axis: number | readonly number[] | undefined): number {
  const axes = normaliseAxes(operation, axis, x.shape.length);
  const count = axes.reduce((product, one) => product * x.shape[one]!, 1);
  if (count > 0) return count;
  throw new ShapeError(operation, `expected at least one element, received shape ${show(x.shape)}`, [x.shape]);
}

/** Sums a broadcast tensor back to the shape that it was broadcast from. @internal */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const missing = x.shape.length - shape.length;
  const axes = x.shape.flatMap((length, axis) =>
    axis < missing || (shape[axis - missing] === 1 && length !== 1) ? [axis] : [],
  );
  return reshape(sum(x, axes), shape);
}
