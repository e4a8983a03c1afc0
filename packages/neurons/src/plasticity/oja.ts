import { checkRange } from "../check.ts";
import type { Active } from "../spread/active.ts";
import type { NeuronGraph } from "../store/graph.ts";
import { SYNAPSE_WORDS } from "../store/layout.ts";
import type { Trace } from "../trace/trace.ts";
import { nudge, relationCode } from "./change.ts";
import type { Change } from "./change.ts";

/** Settings of Oja's rule. */
export interface OjaConfig {
  /** Default 0.05. */
  readonly rate?: number;
  /** Relation of the synapses that learn. Default "related_to". */
  readonly relation?: string;
  readonly trace?: Trace;
}

/**
 * Oja's rule: each synapse onto a neuron moves by `rate * y * (x - y * w)`, which keeps the squares of the weights onto it
 * near 1 and turns them towards the first principal component of what it sees.
 *
 * @param inputs all neurons that feed it with their values, those of value 0 included
 * @param to the neuron that learns; its value is `y = sum of x * w`
 * @throws GraphError when the neuron or the relation does not exist, ConfigError for a rate below 0
 * @see Oja 1982, doi:10.1007/BF00275687
 */
export function oja(
  graph: NeuronGraph,
  inputs: Active,
  to: number,
  { rate = 0.05, relation = "related_to", trace }: OjaConfig = {},
): Change {
  graph.check("oja", to);
  checkRange("oja", "rate", rate, 0, Infinity);
  const code = relationCode(graph, "oja", relation);
  const slots = Array.from(inputs.neurons, (from) => graph.records.find(from, to, code));
  const { floats } = graph.records.synapseViews;
  let y = 0;
  for (const [place, slot] of slots.entries()) {
    if (slot !== undefined) y += inputs.activations[place]! * floats[slot * SYNAPSE_WORDS + 3]!;
  }
  let changed = 0;
  for (const [place, slot] of slots.entries()) {
    if (slot === undefined) continue;
    const step = rate * y * (inputs.activations[place]! - y * floats[slot * SYNAPSE_WORDS + 3]!);
    const where = { from: inputs.neurons[place]!, to, relation: code };
    if (nudge(graph, where, slot, step, { low: -Infinity, high: Infinity })) changed++;
  }
  trace?.add({ kind: "learn", rule: "oja", changed, grown: 0 });
  return { changed, grown: 0 };
}
