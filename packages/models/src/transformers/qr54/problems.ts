import { randomBits } from "@ganglion/kernels";
import type { Key } from "@ganglion/tensor";
import { ANSWER, EQUALS } from "./layout.ts";
import { WIDTH } from "./loops.ts";

/** What training problems are drawn from. */
export interface Mixture {
  /** Most digits of an operand. */
  readonly digits: number;
  /** Share of problems made to carry. */
  readonly carrying: number;
}

/** Two operands. */
export type Pair = readonly [a: number, b: number];

/** Draws problems and writes them as digits, `[n, 33]`; the same for the same key. */
export function drawProblems(key: Key, n: number, mixture: Mixture, out: Uint8Array): void {
  const random = generator(key);
  for (let i = 0; i < n; i++) {
    const pair = random.unit() < mixture.carrying ? carrying(random, mixture.digits) : plain(random, mixture.digits);
    writeProblem(pair, out, WIDTH * i);
  }
}

/** Writes a problem and its answer as training reads it: least significant digit first. */
export function writeProblem([a, b]: Pair, out: Uint8Array, at: number): void {
  out[at + 10] = 0;
  out[at + EQUALS] = 0;
  writeDigits(a, out, at, 10);
  writeDigits(b, out, at + 11, 10);
  writeDigits(a + b, out, at + EQUALS + 1, ANSWER);
}

interface Random {
  readonly unit: () => number;
  /** Whole number from low to high. */
  readonly between: (low: number, high: number) => number;
}

const LARGEST = 1e10 - 1;

function plain({ between }: Random, digits: number): Pair {
  return [between(0, 10 ** digits - 1), between(0, 10 ** digits - 1)];
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

function writeDigits(value: number, out: Uint8Array, at: number, digits: number): void {
  let rest = value;
  for (let i = 0; i < digits; i++) {
    const next = Math.floor(rest / 10);
    out[at + i] = rest - 10 * next;
    rest = next;
  }
}

/** The random stream of a key, a block at a time. */
function generator({ low, high }: Key): Random {
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
