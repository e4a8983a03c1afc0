/** 1.5 * 2^20: adding it to a float64 below 2^19 leaves no bit finer than 2^-32. */
const MAGIC = 1_572_864;

/**
 * Rounds to a multiple of 2^-32. Sums of such numbers below 2^20 are exact in float64: their order does not matter, so
 * neither the numbering of neurons nor the number of threads changes a bit.
 */
export function onGrid(value: number): number {
  return value + MAGIC - MAGIC;
}

/** A sum as an activation: float32 within [0, 1]. */
export function bounded(sum: number): number {
  return sum <= 0 ? 0 : sum >= 1 ? 1 : Math.fround(sum);
}
