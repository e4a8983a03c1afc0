import { randomBits } from "@ganglion/kernels";
import type { PairRule } from "@ganglion/kernels";

/** Learning of words by their contexts as a language model does it, with three words drawn against each. */
export const pairRule: PairRule = { gain: 0.05, loss: 0.005, negatives: 3, bound: 5, seed: 7 };

/** Contexts and words, common ones far more often than rare ones. */
export function pairs(
  vocabulary: number,
  count: number,
): { readonly contexts: Int32Array; readonly words: Int32Array } {
  const bits = new Uint32Array(2 * count);
  randomBits(2, vocabulary, 0, bits);
  const draw = (index: number): number => Math.floor(vocabulary * (bits[index]! / 2 ** 32) ** 2);
  return {
    contexts: Int32Array.from({ length: count }, (_, pair) => draw(pair)),
    words: Int32Array.from({ length: count }, (_, pair) => draw(count + pair)),
  };
}
