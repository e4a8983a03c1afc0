import { CodecError } from "./error.ts";
import type { CodecErrorParts } from "./error.ts";
import { limits } from "./limits.ts";

type Operation = CodecErrorParts["operation"];

/**
 * Number of values in a shape, by arithmetic that cannot overflow: the lengths other than 0 must multiply to a safe integer.
 *
 * @throws CodecError `limit` above the largest rank, `shape` for a length that is no count or a product above 2^53 - 1
 */
export function sizeOf(operation: Operation, shape: readonly number[], offset?: number): number {
  if (shape.length > limits.rank) {
    throw new CodecError({
      operation,
      code: "limit",
      expected: `at most ${limits.rank} axes`,
      received: `${shape.length}`,
      repair: "Merge neighbouring axes before quantising.",
      offset,
    });
  }
  let size = 1;
  let extent = 1;
  for (const length of shape) {
    size *= length;
    if (length !== 0) extent *= length;
    if (!Number.isInteger(length) || length < 0 || length > limits.length || extent > Number.MAX_SAFE_INTEGER) {
      throw new CodecError({
        operation,
        code: "shape",
        expected: "lengths from 0 to 4294967295 whose product is a safe integer",
        received: show(shape),
        repair: "Is the shape read from the right place?",
        offset,
      });
    }
  }
  return size;
}

/**
 * Axes counted from 0, in ascending order; a negative axis counts from the end.
 *
 * @throws CodecError `shape` for an axis that the shape does not have, or that is named twice
 */
export function normaliseAxes(operation: Operation, shape: readonly number[], axes: readonly number[]): number[] {
  const normal = axes.map((axis) => (axis < 0 ? axis + shape.length : axis)).toSorted((a, b) => a - b);
  const valid = normal.every(
    (axis, i) => Number.isInteger(axis) && axis >= 0 && axis < shape.length && axis !== normal[i - 1],
  );
  if (!valid) {
    throw new CodecError({
      operation,
      code: "shape",
      expected: `different axes of the shape ${show(shape)}`,
      received: show(axes),
      repair: `Axes go from 0 to ${shape.length - 1}, or from -${shape.length} to -1.`,
    });
  }
  return normal;
}

/** Number of channels, and so of scales: one per combination of indices along `axes`. */
export function channelCount(shape: readonly number[], axes: readonly number[]): number {
  return axes.reduce((count, axis) => count * shape[axis]!, 1);
}

/** A shape as messages print it, cut after the largest legal rank. */
export function show(shape: readonly number[]): string {
  return `[${shape.slice(0, limits.rank).join(", ")}${shape.length > limits.rank ? ", ..." : ""}]`;
}
