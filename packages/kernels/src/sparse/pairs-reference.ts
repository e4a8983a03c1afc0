import { cellHash } from "../random/cell-hash.ts";

/** How pairs are learned. */
export interface PairRule {
  /** What a pair adds to its weight, from 0. */
  readonly gain: number;
  /** What is taken from the weight of each word that is drawn against it, from 0. */
  readonly loss: number;
  /** Words that are drawn against each pair, any of them alike. */
  readonly negatives: number;
  /** Weights stay within [-bound, bound]. */
  readonly bound: number;
  /** Decides the draws: 32 bits. */
  readonly seed: number;
}

/** A table of weights, and pairs that it learns. */
export interface PairOperands {
  /** `[contexts, words]`, row-major. */
  readonly weights: Float32Array;
  /** Context of each pair, `[pairs]`. */
  readonly contexts: Uint16Array;
  /** Word of each pair, `[pairs]`. */
  readonly words: Uint16Array;
}

/** Odd, and far from regular: its multiples of a hash are the draws. */
const STRIDE = 0x9e3779b1;

/**
 * The readable reference of `learnPairs`: one pair after the other. The draws against the k-th pair of a context depend on
 * seed, context and k alone.
 *
 * @param shape `[contexts, words]`
 * @param count pairs that are learned, from the first on
 */
export function learnPairsReference(
  { weights, contexts, words }: PairOperands,
  [height, width]: readonly [contexts: number, words: number],
  count: number,
  rule: PairRule,
): void {
  const [gain, loss, bound] = [rule.gain, rule.loss, rule.bound].map(Math.fround) as [number, number, number];
  const met = new Uint32Array(height);
  const seeds = met.map((_, context) => cellHash(rule.seed, context));
  for (let pair = 0; pair < count; pair++) {
    const context = contexts[pair]!;
    const row = context * width;
    const at = row + words[pair]!;
    weights[at] = Math.min(weights[at]! + gain, bound);
    let draw = mix(seeds[context]! ^ met[context]!++);
    for (let left = rule.negatives; left > 0; left--) {
      const drawn = row + Math.floor((draw * width) / 2 ** 32);
      weights[drawn] = Math.max(weights[drawn]! - loss, -bound);
      draw = Math.imul(draw, STRIDE) >>> 0;
    }
  }
}

function mix(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}
