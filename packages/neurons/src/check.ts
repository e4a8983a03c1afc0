import { ConfigError } from "@ganglion/tensor";

/** @throws ConfigError when the value is not a whole number from `least` */
export function checkCount(operation: string, name: string, value: number, least = 1): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new ConfigError(operation, `expected ${name} to be a whole number of at least ${least}, received ${value}`);
}

/** @throws ConfigError when the value is outside [low, high] */
export function checkRange(operation: string, name: string, value: number, low: number, high: number): void {
  if (value >= low && value <= high) return;
  throw new ConfigError(operation, `expected ${name} to be in [${low}, ${high}], received ${value}`);
}

/** @throws ConfigError when the value is not finite */
export function checkFinite(operation: string, name: string, value: number): void {
  if (Number.isFinite(value)) return;
  throw new ConfigError(operation, `expected ${name} to be a finite number, received ${value}`);
}
