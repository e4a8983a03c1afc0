import { allocate, dtypeOf, isFloat } from "./dtype.ts";
import type { Data, DType } from "./dtype.ts";
import { ConfigError, DTypeError, ShapeError, show } from "./errors.ts";
import { requireDType } from "./operations/require.ts";
import { checkShape, sizeOf } from "./shape.ts";
import type { Shape } from "./shape.ts";
import { untracked } from "./tape.ts";
import { Tensor } from "./tensor.ts";
import type { Nested, Operand } from "./tensor.ts";

/**
 * A tensor of the given numbers; nested lists become axes.
 *
 * @throws ShapeError when lists at the same depth differ in length
 */
export function tensor(values: Nested, dtype: DType = "float32"): Tensor {
  const shape: number[] = [];
  for (let level = values; typeof level !== "number"; level = level[0]!) {
    shape.push(level.length);
    if (level.length === 0) break;
  }
  const data = allocateChecked("tensor", shape, dtype);
  let offset = 0;
  const fill = (value: Nested, axis: number): void => {
    if (typeof value === "number" ? axis !== shape.length : value.length !== shape[axis]) {
      const received = typeof value === "number" ? "a number" : `a list of ${value.length}`;
      const expected = axis < shape.length ? `lists of ${shape[axis]}` : "numbers";
      throw new ShapeError("tensor", `expected ${expected} at depth ${axis}, received ${received}. Ragged lists?`);
    }
    if (typeof value === "number") data[offset++] = value;
    else for (const child of value) fill(child, axis + 1);
  };
  fill(values, 0);
  return untracked(shape, dtype, data);
}

/**
 * A tensor that uses a typed array as it is, without copying.
 *
 * @throws ShapeError when the shape does not have as many elements as the array
 * @throws DTypeError when no dtype is stored in such an array
 */
export function fromData(data: Data, shape: Shape = [data.length]): Tensor {
  const dtype = dtypeOf(data);
  if (dtype === undefined) {
    throw new DTypeError(
      "fromData",
      `expected a Float32Array, Float64Array, Int32Array, Uint8Array or Int8Array, received ${Object.prototype.toString.call(data).slice(8, -1)}`,
    );
  }
  checkShape("fromData", shape);
  if (sizeOf(shape) !== data.length) {
    throw new ShapeError(
      "fromData",
      `expected ${sizeOf(shape)} elements for shape ${show(shape)}, received ${data.length}`,
      [shape],
    );
  }
  return untracked([...shape], dtype, data);
}

/** A tensor of zeros. */
export function zeros(shape: Shape, dtype: DType = "float32"): Tensor {
  return untracked([...shape], dtype, allocateChecked("zeros", shape, dtype));
}

/** Zeros of the shape and dtype of a tensor. @internal */
export const zerosLike = (x: Tensor): Tensor => zeros(x.shape, x.dtype);

/** A tensor of ones. */
export function ones(shape: Shape, dtype: DType = "float32"): Tensor {
  return full(shape, 1, dtype);
}

/** A tensor with the same value everywhere. */
export function full(shape: Shape, value: number, dtype: DType = "float32"): Tensor {
  return untracked([...shape], dtype, allocateChecked("full", shape, dtype).fill(value));
}

/**
 * Evenly spaced numbers: from `start` (0) up to but not including `stop`.
 *
 * @returns `[ceil((stop - start) / step)]`
 * @throws ConfigError when `step` is 0
 */
export function arange(stop: number): Tensor;
export function arange(start: number, stop: number, step?: number, dtype?: DType): Tensor;
export function arange(first: number, second?: number, step = 1, dtype: DType = "float32"): Tensor {
  const [start, stop] = second === undefined ? [0, first] : [first, second];
  if (step === 0 || !Number.isFinite((stop - start) / step)) {
    throw new ConfigError(
      "arange",
      `expected finite bounds and a step other than 0, received ${start}, ${stop}, ${step}`,
    );
  }
  const data = allocateChecked("arange", [Math.max(0, Math.ceil((stop - start) / step))], dtype);
  for (let index = 0; index < data.length; index++) data[index] = start + index * step;
  return untracked([data.length], dtype, data);
}

/** Identity matrix `[n, n]`. */
export function eye(n: number, dtype: DType = "float32"): Tensor {
  const data = allocateChecked("eye", [n, n], dtype);
  for (let index = 0; index < n; index++) data[index * n + index] = 1;
  return untracked([n, n], dtype, data);
}

/** A number as a scalar of the other operand's dtype, which must be able to hold it; a tensor as it is. */
export function lift(operation: string, operand: Operand, like: Operand): Tensor {
  if (operand instanceof Tensor) return operand;
  const dtype = like instanceof Tensor ? like.dtype : "float32";
  const scalar = full([], operand, dtype);
  if (isFloat(dtype) || scalar.data[0] === operand) return scalar;
  throw new DTypeError(
    operation,
    `expected a number that ${dtype} holds, received ${operand}. Use cast(x, "float32")?`,
  );
}

function allocateChecked(operation: string, shape: Shape, dtype: DType): Data {
  requireDType(operation, dtype);
  checkShape(operation, shape);
  return allocate(dtype, sizeOf(shape));
}
