/**
 * Draws of the tests: mulberry32, seeded by words, so that case 17 of `matmul` is the same whatever ran before it.
 * Shares no code with the keys of the package under test.
 */
export class Random {
  #state: number;
  readonly #grain: number;

  /** @param grain real numbers are multiples of this (short decimals in golden files); 0 for any float32 */
  constructor(seed: string, grain = 0) {
    this.#state = hash(seed);
    this.#grain = grain;
  }

  /** Uniform in [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** Integer in [min, max], both included. */
  integer(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  /** Number in [min, max] that float32 holds exactly. */
  real(min: number, max: number): number {
    const value = min + this.next() * (max - min);
    return this.#grain === 0 ? Math.fround(value) : Math.round(value / this.#grain) * this.#grain;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.integer(0, choices.length - 1)] as T;
  }

  list<T>(length: number, draw: (index: number) => T): T[] {
    return Array.from({ length }, (_, index) => draw(index));
  }

  shuffled<T>(values: readonly T[]): T[] {
    const result = [...values];
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.integer(0, i);
      [result[i], result[j]] = [result[j] as T, result[i] as T];
    }
    return result;
  }
}

function hash(text: string): number {
  let state = 0x811c9dc5;
  for (const character of text) state = Math.imul(state ^ character.charCodeAt(0), 0x01000193);
  return state ^ (state >>> 15);
}
