import { checkFinite, checkRange } from "../check.ts";
import type { NeuronGraph } from "../store/graph.ts";
import type { Trace } from "../trace/trace.ts";
import { nudge } from "./change.ts";
import type { Bounds, Change, Place } from "./change.ts";
import { Places } from "./places.ts";

/** Settings of eligibility traces. */
export interface EligibilityConfig {
  /** Share of a trace that is left after one tick, in [0, 1]. Default 0.9. */
  readonly decay?: number;
}

/** How a reward is paid out. */
export interface RewardConfig extends Partial<Bounds> {
  /** Default 0.1. */
  readonly rate?: number;
  readonly trace?: Trace;
}

/** Traces of which synapses took part, so that a reward that comes later finds them. */
export class Eligibility {
  readonly #decay: number;
  readonly #places = new Places();
  readonly #traces: number[] = [];

  /** @throws ConfigError when the decay is outside [0, 1] */
  constructor({ decay = 0.9 }: EligibilityConfig = {}) {
    checkRange("Eligibility", "decay", decay, 0, 1);
    this.#decay = decay;
  }

  /** Marks a synapse as having taken part, by the product of its two ends as a rule. */
  mark(graph: NeuronGraph, from: number, to: number, amount: number, relation = "related_to"): void {
    const number = this.#places.numberOf({ from, to, relation: graph.relations.codeOf(relation) });
    this.#traces[number] = (this.#traces[number] ?? 0) + amount;
  }

  /** Lets all traces fade. */
  tick(): void {
    for (let number = 0; number < this.#traces.length; number++) this.#traces[number]! *= this.#decay;
  }

  /** Synapses and their traces. */
  entries(): [place: Place, trace: number][] {
    return this.#traces.map((trace, number) => [this.#places.at(number), trace]);
  }

  /**
   * Pays a reward out: every marked synapse that still exists moves by `rate * reward * trace`.
   *
   * @see Frémaux & Gerstner 2016, doi:10.3389/fncir.2015.00085
   */
  reward(
    graph: NeuronGraph,
    reward: number,
    { rate = 0.1, low = -Infinity, high = Infinity, trace: events }: RewardConfig = {},
  ): Change {
    checkFinite("Eligibility", "reward", reward);
    let changed = 0;
    for (const [place, trace] of this.entries()) {
      const slot = graph.has(place.from) ? graph.records.find(place.from, place.to, place.relation) : undefined;
      if (slot !== undefined && nudge(graph, place, slot, rate * reward * trace, { low, high })) changed++;
    }
    events?.add({ kind: "learn", rule: "eligibility", changed, grown: 0 });
    return { changed, grown: 0 };
  }
}
