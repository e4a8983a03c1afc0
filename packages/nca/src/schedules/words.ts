import { cellHash } from "@ganglion/kernels";
import { type Key, foldIn } from "@ganglion/tensor";

/**
 * Uniform 32-bit words for consecutive places, each a function of key, step and place alone.
 *
 * @param first place of the first word
 */
export function words(key: Key, step: number, first: number, count: number): Uint32Array {
  const seed = seedOf(key, step);
  const out = new Uint32Array(count);
  for (let i = 0; i < count; i++) out[i] = cellHash(seed, first + i);
  return out;
}

/** Seed of the words of one step. */
export const seedOf = (key: Key, step: number): number => foldIn(key, step).low;

/** Number of different words. */
export const WORDS: number = 2 ** 32;
