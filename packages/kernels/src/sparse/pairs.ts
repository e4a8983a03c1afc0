import { inParts, lotFor } from "./memory.ts";
import { learnPairsReference } from "./pairs-reference.ts";
import type { PairOperands, PairRule } from "./pairs-reference.ts";

/** Sizes of a table and of the pairs that it learns at once. */
export interface PairShape {
  /** At most 65,536. */
  readonly contexts: number;
  /** At most 65,536. */
  readonly words: number;
  /** Most pairs at once. */
  readonly pairs: number;
}

/** A table in the memory of the kernels. Use its arrays only as long as you hold the object. */
export interface PairTable extends PairOperands {
  /** Takes up the first pairs of the arrays: they are sorted by context, for any number of passes over them. */
  take(count: number): void;
  /** One pass over the pairs that were taken up. */
  learn(rule: PairRule): void;
}

/**
 * Makes an empty table that learns pairs of a context and a word: each adds to its own weight and takes from those of some
 * words that are drawn against it.
 *
 * Pairs are sorted by their contexts first, in a way that keeps their order. The row of a context then stays in the cache,
 * threads never meet, and the weights have the bits of {@link learnPairsReference}, whatever the number of threads.
 */
export function pairTable({ contexts: height, words: width, pairs }: PairShape): PairTable {
  // plan, weights, contexts, words, ends, sorted
  const sizes = [64, 4 * height * width, 2 * pairs, 2 * pairs, 4 * (height + 1), 2 * pairs];
  const owner = {};
  const { kernels, at, buffer } = lotFor(owner, sizes);
  const operands: PairOperands = {
    weights: new Float32Array(buffer, at[1], height * width),
    contexts: new Uint16Array(buffer, at[2], pairs),
    words: new Uint16Array(buffer, at[3], pairs),
  };
  let taken = 0;
  if (kernels === undefined) {
    return Object.assign(owner, operands, {
      take: (count: number) => void (taken = count),
      learn: (rule: PairRule) => learnPairsReference(operands, [height, width], taken, rule),
    });
  }
  const plan = at[0]!;
  const words = new Uint32Array(buffer, plan, 16);
  const numbers = new Float32Array(buffer, plan, 16);
  const ends = new Uint32Array(buffer, at[4], height + 1);
  words.set([at[1]!, width, at[2]!, at[3]!, at[4]!, at[5]!, 0, height]);
  return Object.assign(owner, operands, {
    take(count: number) {
      taken = count;
      words[6] = count;
      kernels.sortPairs(plan);
    },
    learn({ gain, loss, bound, seed, negatives }: PairRule) {
      words.set([seed, negatives], 8);
      numbers.set([gain, loss, bound], 10);
      inParts("learnRows", plan, taken * (1 + negatives), (parts) => evenly(ends, height, parts));
    },
  });
}

/** Contexts at which the pairs are cut into parts of about one length; one context is never cut. */
function evenly(ends: Uint32Array, height: number, parts: number): number[] {
  const cuts = [0];
  const all = height === 0 ? 0 : ends[height - 1]!;
  for (let part = 1, context = 0; part < parts; part++) {
    while (context < height && ends[context]! < (all * part) / parts) context++;
    cuts.push(context);
  }
  return [...cuts, height];
}
