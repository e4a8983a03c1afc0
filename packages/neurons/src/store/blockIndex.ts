import { SYNAPSE_WORDS } from "./layout.ts";
import type { Views } from "./table.ts";

/** Blocks up to this long are searched; longer ones get a map when they are first asked. */
const LONGEST_SEARCH = 32;

/** Finds synapses in blocks by target and relation; a block's map holds places relative to its start, so it may move. */
export class BlockIndex {
  readonly #places = new Map<number, Map<number, number>>();

  find(views: Views, from: number, start: number, end: number, to: number, relation: number): number | undefined {
    const { words } = views;
    if (end - start <= LONGEST_SEARCH) {
      for (let slot = start; slot < end; slot++) {
        const at = slot * SYNAPSE_WORDS;
        if (words[at] === to && (words[at + 2]! & 0xffff) === relation) return slot;
      }
      return undefined;
    }
    let places = this.#places.get(from);
    if (places === undefined) {
      places = new Map();
      for (let slot = start; slot < end; slot++) {
        const at = slot * SYNAPSE_WORDS;
        places.set(keyOf(words[at]!, words[at + 2]! & 0xffff), slot - start);
      }
      this.#places.set(from, places);
    }
    const place = places.get(keyOf(to, relation));
    return place === undefined ? undefined : start + place;
  }

  added(from: number, to: number, relation: number, place: number): void {
    this.#places.get(from)?.set(keyOf(to, relation), place);
  }

  forget(from: number): void {
    this.#places.delete(from);
  }

  clear(): void {
    this.#places.clear();
  }
}

function keyOf(to: number, relation: number): number {
  return to * 65_536 + relation;
}
