import { PARTS, inParts, lotFor } from "./memory.ts";
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
 * Pairs are sorted by their contexts first, in a way that keeps their order, in one pass over them. The row of a context then stays in the cache,
 * threads never meet, and the weights have the bits of {@link learnPairsReference}, whatever the number of threads.
 */
export function pairTable({ contexts: height, words: width, pairs }: PairShape): PairTable {
  const chunks = Math.min(height, pairs) + Math.floor(pairs / CHUNK);
  // plan, weights, contexts, words
  const given = [72, 4 * height * width, 2 * pairs, 2 * pairs];
  // lasts, owners, chunks, ends, pool, scratch
  const own = [4 * height, 2 * chunks, 4 * chunks, 4 * (height + 1), 2 * CHUNK * chunks, PARTS * SCRATCH];
  const owner = {};
  const { kernels, at, buffer } = lotFor(owner, [...given, ...own]);
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
  const words = new Uint32Array(buffer, plan, 18);
  const numbers = new Float32Array(buffer, plan, 18);
  const ends = new Uint32Array(buffer, at[7], height + 1);
  words.set([at[1]!, width, at[2]!, at[3]!, 0, height, ...at.slice(4)]);
  kernels.sortPairs(plan);
  return Object.assign(owner, operands, {
    take(count: number) {
      taken = count;
      words[4] = count;
      kernels.sortPairs(plan);
    },
    learn(rule: PairRule) {
      const { gain, loss, bound, seed, negatives } = rule;
      if (negatives > MOST_DRAWS) return learnPairsReference(operands, [height, width], taken, rule);
      words.set([0, seed, negatives], 12);
      numbers.set([gain, loss, bound], 15);
      inParts(kernelFor(negatives), plan, taken * (1 + negatives), (parts) => evenly(ends, parts));
    },
  });
}

/** Words of a context that lie together, in a cache line. */
const CHUNK = 32;

/** Words that the kernels draw at most against a pair. */
const MOST_DRAWS = 63;

/** Where each part of a pass notes which weights four pairs change, in bytes. */
const SCRATCH = 16 * (1 + MOST_DRAWS);

/** Numbers of draws that are common have kernels of their own. */
function kernelFor(negatives: number): "learnRows" | "learnRows2" | "learnRows3" | "learnRows4" | "learnRows5" {
  return negatives === 2 || negatives === 3 || negatives === 4 || negatives === 5
    ? `learnRows${negatives}`
    : "learnRows";
}

/** Contexts at which the chunks are cut into parts of about one length; one context is never cut. */
function evenly(ends: Uint32Array, parts: number): number[] {
  const height = ends.length - 1;
  const [first, all] = [ends[0]!, ends[height]! - ends[0]!];
  const cuts = [0];
  for (let part = 1, context = 0; part < parts; part++) {
    while (context < height && ends[context + 1]! - first < (all * part) / parts) context++;
    cuts.push(context);
  }
  return [...cuts, height];
}
