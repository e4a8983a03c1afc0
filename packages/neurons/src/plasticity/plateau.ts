import { checkRange } from "../check.ts";
import type { Active } from "../spread/active.ts";
import type { NeuronGraph } from "../store/graph.ts";
import { SYNAPSE_WORDS } from "../store/layout.ts";
import type { Trace } from "../trace/trace.ts";
import { grow, nudge } from "./change.ts";
import type { Change } from "./change.ts";

/** Settings of plateau credit. */
export interface PlateauConfig {
  /** Share of credit that is left per step between a neuron's activity and the plateau, in [0, 1]. Default 0.7. */
  readonly reach?: number;
  /** How far a weight moves towards its credit, in [0, 1]. Default 1: one plateau is enough. */
  readonly rate?: number;
  /** Relation of the synapses that learn; those that are missing grow. Default "co_occurs". */
  readonly relation?: string;
  readonly trace?: Trace;
}

/**
 * Plateau credit: one strong event in a neuron ties everything that was active shortly before or after to it, in one shot.
 *
 * The weight from each such neuron moves by `rate` towards the largest `activation * reach ^ |steps apart|`, and never down.
 *
 * @param frames activity, one entry per step
 * @param at entry in which the plateau happened
 * @param to the neuron that it happened in
 * @throws GraphError when the neuron does not exist, ConfigError for a setting out of range
 * @see Bittner et al. 2017, doi:10.1126/science.aan3846 (behavioural time scale plasticity)
 */
export function plateau(
  graph: NeuronGraph,
  frames: readonly Active[],
  at: number,
  to: number,
  { reach = 0.7, rate = 1, relation = "co_occurs", trace }: PlateauConfig = {},
): Change {
  graph.check("plateau", to);
  checkRange("plateau", "reach", reach, 0, 1);
  checkRange("plateau", "rate", rate, 0, 1);
  const code = graph.relations.codeOf(relation);
  const credits = new Map<number, number>();
  for (const [step, { neurons, activations }] of frames.entries()) {
    let share = 1;
    for (let apart = Math.abs(step - at); apart > 0; apart--) share *= reach;
    for (const [place, from] of neurons.entries()) {
      if (from !== to) credits.set(from, Math.max(credits.get(from) ?? 0, activations[place]! * share));
    }
  }
  let [changed, grown] = [0, 0];
  for (const [from, credit] of credits) {
    const where = { from, to, relation: code };
    const slot = graph.records.find(from, to, code);
    if (slot === undefined) {
      if (credit > 0) grown += grow(graph, where, rate * credit) ? 1 : 0;
      continue;
    }
    const weight = graph.records.synapseViews.floats[slot * SYNAPSE_WORDS + 3]!;
    const step = rate * Math.max(0, credit - weight);
    changed += nudge(graph, where, slot, step, { low: -Infinity, high: Infinity }) ? 1 : 0;
  }
  trace?.add({ kind: "learn", rule: "plateau", changed, grown });
  return { changed, grown };
}
