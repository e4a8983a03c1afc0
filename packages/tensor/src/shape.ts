import { ShapeError, show } from "./errors.ts";

/** Lengths of a tensor's axes, outermost first; `[]` is a scalar. */
export type Shape = readonly number[];

export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const length of shape) size *= length;
  return size;
}

export function checkShape(operation: string, shape: Shape): void {
  const valid = shape.every((length) => Number.isSafeInteger(length) && length >= 0);
  if (valid && Number.isSafeInteger(sizeOf(shape))) return;
  throw new ShapeError(operation, `expected lengths that are whole numbers from 0, received ${show(shape)}`, [shape]);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

/** Axis counted from 0; negative axes count from the end. */
export function normaliseAxis(operation: string, axis: number, rank: number): number {
  const normal = axis < 0 ? axis + rank : axis;
  if (Number.isInteger(axis) && normal >= 0 && normal < rank) return normal;
  const range = rank === 0 ? "no axis, because the tensor is a scalar" : `an axis from ${-rank} to ${rank - 1}`;
  throw new ShapeError(operation, `expected ${range}, received ${axis}`);
}

/** Distinct axes in ascending order; all of them when `axis` is undefined. */
export function normaliseAxes(operation: string, axis: number | readonly number[] | undefined, rank: number): number[] {
  if (axis === undefined) return Array.from({ length: rank }, (_, index) => index);
  const axes = (typeof axis === "number" ? [axis] : axis).map((one) => normaliseAxis(operation, one, rank));
  if (new Set(axes).size !== axes.length) {
    throw new ShapeError(
      operation,
      `expected distinct axes, received ${show(typeof axis === "number" ? [axis] : axis)}`,
    );
  }
  return axes.toSorted((a, b) => a - b);
}

/** Shape that both operands broadcast to: axes are aligned at the end, lengths agree or are 1. */
export function broadcastShapes(operation: string, a: Shape, b: Shape): Shape {
  if (sameShape(a, b)) return a;
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw new ShapeError(
        operation,
        `expected shapes that broadcast, received ${show(a)} and ${show(b)}. Reshape one so that each length agrees or is 1?`,
        [a, b],
      );
    }
    return left === 1 ? right : left;
  });
}

/** Elements to skip for one step along each axis, row-major. */
export function stridesOf(shape: Shape): number[] {
  const strides = Array.from(shape, () => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}

/** Strides of a tensor of shape `from` read as if it had shape `to`: 0 along broadcast axes. */
export function broadcastStrides(from: Shape, to: Shape): number[] {
  const strides = stridesOf(from);
  const missing = to.length - from.length;
  return Array.from(to, (_, axis) => (axis < missing || from[axis - missing] === 1 ? 0 : strides[axis - missing]!));
}

/** Lengths before, along and after an axis. */
export function around(shape: Shape, axis: number): { outer: number; length: number; inner: number } {
  return { outer: sizeOf(shape.slice(0, axis)), length: shape[axis]!, inner: sizeOf(shape.slice(axis + 1)) };
}
