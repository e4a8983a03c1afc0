import { checkCount } from "../check.ts";
import type { Emission } from "./emit.ts";

/** Something that happened to a graph. */
export type TraceEvent =
  | {
      readonly kind: "spread";
      readonly clock: number;
      readonly seeds: number;
      readonly steps: number;
      readonly edges: number;
      readonly active: number;
    }
  | { readonly kind: "emit"; readonly emission: Emission }
  | {
      readonly kind: "learn";
      readonly rule: string;
      /** Synapses whose weight changed. */
      readonly changed: number;
      /** Synapses that are new. */
      readonly grown: number;
    }
  | { readonly kind: "modulate"; readonly reward: number; readonly level: number }
  | { readonly kind: "replay"; readonly episodes: number }
  | { readonly kind: "note"; readonly text: string };

/** An event and its number, counted from 0 since the trace began. */
export type NumberedEvent = TraceEvent & { readonly number: number };

/** The last events of a graph, in a ring. */
export class Trace {
  readonly #size: number;
  readonly #ring: NumberedEvent[] = [];
  #count = 0;

  /**
   * @param size most events that are kept
   * @throws ConfigError when that is not a whole number from 1
   */
  constructor(size = 10_000) {
    checkCount("Trace", "size", size);
    this.#size = size;
  }

  /** Events so far, those that were overwritten included. */
  get count(): number {
    return this.#count;
  }

  /** Writes an event down. */
  add(event: TraceEvent): void {
    this.#ring[this.#count % this.#size] = { ...event, number: this.#count };
    this.#count++;
  }

  /** The last events, the oldest first. */
  tail(count: number = this.#size): NumberedEvent[] {
    const start = this.#count % this.#size;
    const all = this.#count <= this.#size ? this.#ring : [...this.#ring.slice(start), ...this.#ring.slice(0, start)];
    return all.slice(Math.max(0, all.length - count));
  }

  /** Kept events of one kind, the oldest first. */
  filter<K extends TraceEvent["kind"]>(kind: K): Extract<NumberedEvent, { kind: K }>[] {
    return this.tail().filter((event): event is Extract<NumberedEvent, { kind: K }> => event.kind === kind);
  }

  /** Kept events per kind. */
  summary(): Partial<Record<TraceEvent["kind"], number>> {
    const counts: Partial<Record<TraceEvent["kind"], number>> = {};
    for (const { kind } of this.#ring) counts[kind] = (counts[kind] ?? 0) + 1;
    return counts;
  }

  /** Kept events as lines of JSON, the oldest first. */
  toJsonl(): string {
    return this.tail()
      .map((event) => `${JSON.stringify(event)}\n`)
      .join("");
  }
}
