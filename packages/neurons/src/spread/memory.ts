import { checkCount, checkRange } from "../check.ts";
import type { Active } from "./active.ts";

/** Settings of a working memory. */
export interface WorkingMemoryConfig {
  /** Most neurons that it holds. Default 64. */
  readonly size?: number;
  /** Share of its strength that an entry keeps per tick, in [0, 1]. Default 0.7. */
  readonly decay?: number;
  /** Strength below which an entry is forgotten, in [0, 1]. Default 0.01. */
  readonly floor?: number;
  /** Share of an activation that is taken up, in [0, 1]. Default 0.5. */
  readonly gain?: number;
}

/** A few neurons that stay lit between spreads, weaker each time. */
export class WorkingMemory {
  readonly #config: Required<WorkingMemoryConfig>;
  #entries = new Map<number, number>();

  /** @throws ConfigError for a setting out of range */
  constructor(config: WorkingMemoryConfig = {}) {
    const full = { size: 64, decay: 0.7, floor: 0.01, gain: 0.5, ...config };
    checkCount("WorkingMemory", "size", full.size);
    for (const name of ["decay", "floor", "gain"] as const) checkRange("WorkingMemory", name, full[name], 0, 1);
    this.#config = full;
  }

  /** Neurons and their strengths, the strongest first. */
  entries(): [neuron: number, strength: number][] {
    return [...this.#entries].toSorted(([a, x], [b, y]) => y - x || a - b);
  }

  /** Lets every entry fade. */
  tick(): void {
    const { decay, floor } = this.#config;
    for (const [neuron, strength] of this.#entries) {
      if (strength * decay < floor) this.#entries.delete(neuron);
      else this.#entries.set(neuron, strength * decay);
    }
  }

  /** Takes up what is active; of two strengths of one neuron the larger stays. */
  absorb({ neurons, activations }: Active): void {
    const { gain, floor, size } = this.#config;
    for (const [place, neuron] of neurons.entries()) {
      const strength = gain * activations[place]!;
      if (strength >= floor) this.#entries.set(neuron, Math.max(strength, this.#entries.get(neuron) ?? 0));
    }
    if (this.#entries.size > size) this.#entries = new Map(this.entries().slice(0, size));
  }
}
