import { randomBits } from "@ganglion/kernels";
import type { Key } from "@ganglion/tensor";

/** What training problems are drawn from. */
export interface Mixture {
  /** Most digits of an operand. */
  readonly digits: number;
  /** Share of problems made to carry. */
  readonly carrying: number;
  /** Share of problems of which each digit is likely to be 0, and how likely; none by default. */
  readonly sparse?: { readonly share: number; readonly zeros: number };
}

/** Two operands. */
export type Pair = readonly [a: number, b: number];

/** A stream of random numbers. */
export interface Random {
  readonly unit: () => number;
  /** Whole number from low to high. */
  readonly between: (low: number, high: number) => number;
}

/** Two operands drawn from a mixture. */
export function drawSum(random: Random, { digits, carrying: share, sparse: thin }: Mixture): Pair {
  if (thin !== undefined && random.unit() < thin.share) return sparse(random, digits, thin.zeros);
  return random.unit() < share ? carrying(random, digits) : plain(random, digits);
}

const LARGEST = 1e10 - 1;

function plain({ between }: Random, digits: number): Pair {
  return [between(0, 10 ** digits - 1), between(0, 10 ** digits - 1)];
}

/** Digits that are often 0: where only one of two is not, the answer repeats it, which shows attention where to look. */
function sparse({ unit, between }: Random, digits: number, zeros: number): Pair {
  const draw = (): number => {
    let value = 0;
    for (let i = 0; i < digits; i++) if (unit() >= zeros) value += between(0, 9) * 10 ** i;
    return value;
  };
  return [draw(), draw()];
}

/** A single carry anywhere, a carry through all, a digit added to a long number, or two numbers about a power of ten. */
function carrying({ between }: Random, most: number): Pair {
  const digits = between(1, most);
  const kind = between(0, 3);
  if (kind === 0) {
    const place = between(0, digits - 1);
    let [a, b] = [0, 0];
    for (let i = 0; i < digits; i++) {
      const [low, high] = i === place ? [5, 9] : [0, 4];
      a += between(low, high) * 10 ** i;
      b += between(low, high) * 10 ** i;
    }
    return [a, b];
  }
  if (kind === 1) return [Math.min(10 ** digits - 1, LARGEST), between(1, 10 ** Math.min(digits, 3))];
  if (kind === 2) {
    return [between(10 ** (digits - 1), 10 ** digits - 1), between(1, 9) * 10 ** between(0, digits - 1)];
  }
  return [Math.min(10 ** digits - between(1, 10), LARGEST), between(1, 20)];
}

/** The random stream of a key, a block at a time. */
export function generator({ low, high }: Key): Random {
  const block = new Uint32Array(1024);
  let [read, offset] = [block.length, 0];
  const unit = (): number => {
    if (read === block.length) {
      randomBits(low, high, offset, block);
      offset += block.length;
      read = 0;
    }
    // 48 random bits: more than enough for ten digits
    return (block[read++]! * 65536 + (block[read++]! >>> 16)) / 2 ** 48;
  };
  return { unit, between: (from, to) => from + Math.floor(unit() * (to - from + 1)) };
}
