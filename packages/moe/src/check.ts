import { ConfigError, ShapeError, type Tensor } from "@ganglion/tensor";

/** Throws a ConfigError unless `value` is a whole number of at least 1. */
export function checkCount(operation: string, name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new ConfigError(
    operation,
    `expected ${name} to be a whole number of at least 1, received ${value}. Give ${name} as a count?`,
  );
}

/** Throws a ConfigError unless `value` is finite and not negative. */
export function checkWeight(operation: string, name: string, value: number): void {
  if (Number.isFinite(value) && value >= 0) return;
  throw new ConfigError(
    operation,
    `expected ${name} to be a finite number of at least 0, received ${value}. Use 0 to switch it off?`,
  );
}

/** Throws a ShapeError unless `x` is `[rows, length]`; with `length` undefined, any matrix will do. */
export function checkMatrix(operation: string, name: string, x: Tensor, axis: string, length?: number): void {
  if (x.shape.length === 2 && (length === undefined || x.shape[1] === length)) return;
  const last = length === undefined ? axis : `${length} ${axis}`;
  throw new ShapeError(
    operation,
    `expected ${name} as [rows, ${last}], received ${show(x.shape)}. Reshape it to a matrix with one row per item?`,
    [x.shape],
  );
}

/** A shape as errors print it: `[2, 3]`. */
const show = (shape: readonly number[]): string => `[${shape.join(", ")}]`;
