import { checkCount, checkFinite, checkRange } from "../check.ts";
import type { Active } from "../spread/active.ts";
import type { NeuronGraph } from "../store/graph.ts";
import { SYNAPSE_WORDS } from "../store/layout.ts";
import type { Trace } from "../trace/trace.ts";
import { grow, nudge, plain } from "./change.ts";
import type { Change, Smoothing } from "./change.ts";

/** Settings of the Hebbian rule. */
export interface HebbianConfig {
  /** What the moment was worth; below 0 it weakens. Default 1. */
  readonly reward?: number;
  /** Default 0.05. A modulator's `effectiveRate` goes here. */
  readonly rate?: number;
  /** Activation from which a neuron takes part, in [0, 1]. Default 0.2. */
  readonly floor?: number;
  /** Most neurons that take part, the strongest. Default 200. */
  readonly most?: number;
  /** Product of two activations from which a new synapse grows, in [0, 1]. Default 0.4. */
  readonly growFrom?: number;
  /** Relation of new synapses. Default "co_occurs". */
  readonly relation?: string;
  /** Default {@link plain}. */
  readonly smoothing?: Smoothing;
  readonly trace?: Trace;
}

/**
 * Strengthens synapses between neurons that are active together, and grows those that are missing.
 *
 * For each ordered pair from the stronger to the weaker neuron, every synapse moves by `rate * a * b * reward` within
 * [0, 1], inhibiting ones excepted; where there is none, `a * b >= growFrom` and the reward is positive, one grows with
 * `min(1, 5 * rate * a * b * reward)`. Pinned synapses stay, and pinned neurons grow none.
 *
 * @throws ConfigError for a setting out of range
 * @see Hebb 1949; Frémaux & Gerstner 2016, doi:10.3389/fncir.2015.00085 (reward as a third factor)
 */
export function hebbian(graph: NeuronGraph, active: Active, config: HebbianConfig = {}): Change {
  const { reward = 1, rate = 0.05, floor = 0.2, most = 200, growFrom = 0.4, smoothing = plain, trace } = config;
  checkFinite("hebbian", "reward", reward);
  checkRange("hebbian", "rate", rate, 0, Infinity);
  checkRange("hebbian", "floor", floor, 0, 1);
  checkRange("hebbian", "growFrom", growFrom, 0, 1);
  checkCount("hebbian", "most", most);
  const relation = graph.relations.codeOf(config.relation ?? "co_occurs");
  const taking = active.activations.findIndex((value) => value < floor);
  const count = Math.min(most, taking === -1 ? active.neurons.length : taking);
  const places = new Map(Array.from(active.neurons.subarray(0, count), (neuron, place) => [neuron, place] as const));
  let [changed, grown] = [0, 0];
  for (let i = 0; i < count; i++) {
    const from = active.neurons[i]!;
    const met = new Set<number>();
    const [start, end] = graph.records.block(from);
    for (let slot = start; slot < end; slot++) {
      const { words, floats } = graph.records.synapseViews;
      const to = words[slot * SYNAPSE_WORDS]!;
      const j = places.get(to);
      if (j === undefined || j <= i) continue;
      met.add(to);
      if (floats[slot * SYNAPSE_WORDS + 3]! < 0) continue;
      const joint = active.activations[i]! * active.activations[j]!;
      const place = { from, to, relation: words[slot * SYNAPSE_WORDS + 2]! & 0xffff };
      if (nudge(graph, place, slot, smoothing(place, rate * joint * reward), { low: 0, high: 1 })) changed++;
    }
    const last = reward > 0 ? count : 0;
    for (let j = i + 1; j < last; j++) {
      const joint = active.activations[i]! * active.activations[j]!;
      if (joint < growFrom) break;
      const to = active.neurons[j]!;
      if (!met.has(to) && grow(graph, { from, to, relation }, Math.min(1, 5 * rate * joint * reward))) grown++;
    }
  }
  trace?.add({ kind: "learn", rule: "hebbian", changed, grown });
  return { changed, grown };
}

/**
 * Lets all weights fade a little, pinned ones excepted.
 *
 * @param keep share that stays, in [0, 1]
 */
export function fade(graph: NeuronGraph, keep = 0.999, trace?: Trace): Change {
  checkRange("fade", "keep", keep, 0, 1);
  let changed = 0;
  for (let from = 0; from < graph.rows; from++) {
    const [start, end] = graph.records.block(from);
    const { words, floats } = graph.records.synapseViews;
    for (let slot = start; slot < end; slot++) {
      const at = slot * SYNAPSE_WORDS;
      const place = { from, to: words[at]!, relation: words[at + 2]! & 0xffff };
      const step = floats[at + 3]! * (keep - 1);
      if (nudge(graph, place, slot, step, { low: -Infinity, high: Infinity })) changed++;
    }
  }
  trace?.add({ kind: "learn", rule: "fade", changed, grown: 0 });
  return { changed, grown: 0 };
}
