const SIZE = 624;
const MIDDLE = 397;

/**
 * The Mersenne Twister as Python's `random.seed(seed)` starts it.
 *
 * @param seed whole number from 0
 * @returns a function that draws the next 32 random bits
 * @see Matsumoto & Nishimura 1998, doi:10.1145/272991.272995
 */
export function mersenneTwister(seed: bigint): () => number {
  const state = startByArray(wordsOf(seed));
  let at = SIZE;
  return () => {
    if (at === SIZE) {
      twist(state);
      at = 0;
    }
    let word = state[at++]!;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  };
}

/** 32-bit words, lowest first; at least one. */
function wordsOf(seed: bigint): number[] {
  const words = [];
  for (let rest = seed; rest > 0n; rest >>= 32n) words.push(Number(rest & 0xffffffffn));
  return words.length === 0 ? [0] : words;
}

function startByArray(key: readonly number[]): Uint32Array {
  const state = new Uint32Array(SIZE);
  state[0] = 19650218;
  for (let i = 1; i < SIZE; i++) {
    state[i] = Math.imul(1812433253, state[i - 1]! ^ (state[i - 1]! >>> 30)) + i;
  }
  let i = 1;
  const wrap = (): void => {
    if (++i < SIZE) return;
    state[0] = state[SIZE - 1]!;
    i = 1;
  };
  for (let step = 0; step < Math.max(SIZE, key.length); step++) {
    const j = step % key.length;
    state[i] = (state[i]! ^ Math.imul(state[i - 1]! ^ (state[i - 1]! >>> 30), 1664525)) + key[j]! + j;
    wrap();
  }
  for (let step = 0; step < SIZE - 1; step++) {
    state[i] = (state[i]! ^ Math.imul(state[i - 1]! ^ (state[i - 1]! >>> 30), 1566083941)) - i;
    wrap();
  }
  state[0] = 0x80000000;
  return state;
}

function twist(state: Uint32Array): void {
  for (let i = 0; i < SIZE; i++) {
    const y = (state[i]! & 0x80000000) | (state[(i + 1) % SIZE]! & 0x7fffffff);
    state[i] = state[(i + MIDDLE) % SIZE]! ^ (y >>> 1) ^ ((y & 1) === 0 ? 0 : 0x9908b0df);
  }
}
