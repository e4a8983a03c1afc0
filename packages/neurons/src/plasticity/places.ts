import type { Place } from "./change.ts";

/** Numbers synapses in the order in which they are first met, wherever their records move. */
export class Places {
  readonly #numbers = new Map<number, Map<number, number>>();
  readonly #places: Place[] = [];

  /** Synapses met so far. */
  get size(): number {
    return this.#places.length;
  }

  /** Number of a synapse. */
  numberOf(place: Place): number {
    let targets = this.#numbers.get(place.from);
    if (targets === undefined) this.#numbers.set(place.from, (targets = new Map()));
    const key = place.to * 65_536 + place.relation;
    let number = targets.get(key);
    if (number === undefined) {
      number = this.#places.push(place) - 1;
      targets.set(key, number);
    }
    return number;
  }

  /** Synapse of a number. */
  at(number: number): Place {
    return this.#places[number]!;
  }
}
