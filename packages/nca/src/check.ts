import { ConfigError, ShapeError, type Tensor } from "@ganglion/tensor";

/** Throws a ConfigError unless `value` is a whole number of at least `least`. */
export function checkCount(operation: string, name: string, value: number, least = 1): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new ConfigError(
    operation,
    `expected ${name} to be a whole number of at least ${least}, received ${value}. Give ${name} as a count?`,
  );
}

/** Throws a ConfigError unless `value` is in [0, 1]. */
export function checkProbability(operation: string, name: string, value: number): void {
  if (value >= 0 && value <= 1) return;
  throw new ConfigError(
    operation,
    `expected ${name} between 0 and 1, received ${value}. Give a probability, such as 0.5?`,
  );
}

/** Throws a ShapeError unless `x` has exactly this shape; a string stands for any length and names its axis. */
export function checkShape(
  operation: string,
  name: string,
  x: Tensor,
  shape: readonly (number | string)[],
  repair: string,
): void {
  const fits =
    x.shape.length === shape.length &&
    shape.every((length, axis) => typeof length === "string" || length === x.shape[axis]);
  if (fits) return;
  throw new ShapeError(operation, `expected ${name} ${show(shape)}, received ${show(x.shape)}. ${repair}`, [x.shape]);
}

/** A shape as errors print it: `[batch, 8, 32]`. */
export const show = (shape: readonly (number | string)[]): string => `[${shape.join(", ")}]`;
