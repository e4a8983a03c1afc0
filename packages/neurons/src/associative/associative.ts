import { exp } from "@ganglion/kernels";
import { checkCount, checkRange } from "../check.ts";
import { GraphError } from "../errors.ts";

/** How strongly a pattern speaks up by its overlap with the state. */
export type Separation =
  | {
      readonly kind: "polynomial";
      /** Order n of the memory: a pattern speaks with `sign(o) |o|^(n - 1)`, a whole number from 2. */
      readonly order: number;
    }
  | {
      readonly kind: "softmax";
      /** Sharpness: a pattern speaks with its share of `exp(beta * o)`, above 0. */
      readonly beta: number;
    };

/** What a cue brought back. */
export interface Recollection {
  /** State in which it ended, `[units]` of -1 and 1. */
  readonly state: Int8Array;
  /** Pattern that overlaps most with it. */
  readonly pattern: number;
  /** Steps that were taken. */
  readonly steps: number;
  /** Whether the last step changed nothing. */
  readonly settled: boolean;
}

/**
 * A dense associative memory: astrocytes that each hold one pattern and speak up the louder, the better it fits.
 *
 * In a step `o = sum of xi * x` per pattern, `g` of the separation, and the new state is the sign of `sum of xi * g`.
 *
 * @see Krotov & Hopfield 2016, arXiv:1606.01164 (polynomial); Ramsauer et al. 2020, arXiv:2008.02217 (softmax);
 *   Kozachkov, Slotine & Krotov 2025, doi:10.1073/pnas.2417788122 (astrocytes)
 */
export class AssociativeMemory {
  readonly units: number;
  readonly #separation: Separation;
  readonly #patterns: Int8Array[] = [];

  /** @throws ConfigError for a setting out of range */
  constructor(units: number, separation: Separation) {
    checkCount("AssociativeMemory", "units", units);
    if (separation.kind === "polynomial") checkCount("AssociativeMemory", "order", separation.order, 2);
    else checkRange("AssociativeMemory", "beta", separation.beta, Number.MIN_VALUE, Infinity);
    this.units = units;
    this.#separation = separation;
  }

  /** Patterns that are held. */
  get patterns(): number {
    return this.#patterns.length;
  }

  /** Takes a pattern `[units]` of -1 and 1 up, in one shot. @throws GraphError for anything else */
  store(pattern: ArrayLike<number>): void {
    this.#patterns.push(this.#state("store", pattern));
  }

  /**
   * Lets a cue `[units]` of -1 and 1 settle.
   *
   * @param steps most steps
   * @throws GraphError for another cue, or when nothing is stored
   */
  recall(cue: ArrayLike<number>, steps = 10): Recollection {
    checkCount("recall", "steps", steps, 0);
    if (this.patterns === 0)
      throw new GraphError("recall", "expected at least one pattern, received none. Store some first?");
    let state = this.#state("recall", cue);
    let taken = 0;
    let settled = false;
    while (taken < steps && !settled) {
      const next = this.#step(state);
      settled = next.every((value, unit) => value === state[unit]);
      state = next;
      taken++;
    }
    const overlaps = this.#overlaps(state);
    return { state, pattern: overlaps.indexOf(Math.max(...overlaps)), steps: taken, settled };
  }

  #step(state: Int8Array): Int8Array {
    const voices = speak(this.#overlaps(state), this.#separation);
    const sums = new Float64Array(this.units);
    for (const [index, pattern] of this.#patterns.entries()) {
      for (let unit = 0; unit < this.units; unit++) sums[unit]! += pattern[unit]! * voices[index]!;
    }
    return Int8Array.from(sums, (sum, unit) => (sum === 0 ? state[unit]! : sum > 0 ? 1 : -1));
  }

  #overlaps(state: Int8Array): Float64Array {
    return Float64Array.from(this.#patterns, (pattern) => {
      let overlap = 0;
      for (let unit = 0; unit < this.units; unit++) overlap += pattern[unit]! * state[unit]!;
      return overlap;
    });
  }

  #state(operation: string, values: ArrayLike<number>): Int8Array {
    const state = Int8Array.from(values);
    if (state.length !== this.units) {
      throw new GraphError(operation, `expected ${this.units} values, received ${state.length}`);
    }
    const odd = Array.from(values).find((value) => value !== 1 && value !== -1);
    if (odd !== undefined) throw new GraphError(operation, `expected values of -1 and 1, received ${odd}`);
    return state;
  }
}

function speak(overlaps: Float64Array, separation: Separation): Float64Array {
  if (separation.kind === "softmax") {
    const most = overlaps.reduce((largest, overlap) => Math.max(largest, overlap), -Infinity);
    return overlaps.map((overlap) => exp(separation.beta * (overlap - most)));
  }
  return overlaps.map((overlap) => {
    let voice = overlap < 0 ? -1 : 1;
    for (let factor = 1; factor < separation.order; factor++) voice *= Math.abs(overlap);
    return overlap === 0 ? 0 : voice;
  });
}
