import { randomBits } from "@ganglion/kernels";
import type { Key } from "@ganglion/tensor";

/** Numbers of a key's stream, one after the other. */
export interface Draws {
  /** The next one, uniform in [0, 1). */
  uniform(): number;
  /** The next one as a whole number in [0, below). */
  below(below: number): number;
}

const BLOCK = 4096;

/** The stream of a key. */
export function draws({ low, high }: Key): Draws {
  const words = new Uint32Array(BLOCK);
  let next = 0;
  const uniform = (): number => {
    const at = next % BLOCK;
    if (at === 0) randomBits(low, high, next, words);
    next++;
    return words[at]! / 2 ** 32;
  };
  return { uniform, below: (below) => Math.floor(uniform() * below) };
}
