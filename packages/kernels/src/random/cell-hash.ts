/**
 * A cheap hash for firing masks: one uniformly distributed 32-bit word per (seed, index).
 *
 * @param seed 32-bit integer, for example a word of a key hashed with the step
 * @param index 32-bit integer, for example a cell
 * @returns integer in [0, 2^32)
 * @see https://github.com/skeeto/hash-prospector (lowbias32)
 */
export function cellHash(seed: number, index: number): number {
  const key = mix(seed ^ 0x9e3779b9);
  return mix(mix(index ^ key) + Math.imul(key, 0x85ebca6b)) >>> 0;
}

function mix(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return x ^ (x >>> 16);
}
