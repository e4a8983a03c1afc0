import type { NeuronGraph } from "../store/graph.ts";
import type { Active } from "./active.ts";
import { fired } from "./fire.ts";
import { pushStep, pushed } from "./rows.ts";
import { bySenders, sent } from "./senders.ts";
import { byTargets, pulled } from "./targets.ts";

/** How the synapses are looked at. */
export type SpreadLayout = "auto" | "rows" | "senders" | "targets";

/** A step by targets looks at every synapse, one by senders at those of the active neurons, but these take so many times as long. */
const GAIN = 4;

/** Synapses in a step below which nothing is gained by a layout. */
const LEAST = 1024;

/** A step by senders looks at a byte of each neuron, which takes as long as this part of a synapse. */
const BYTE = 1 / 64;

/** One step, before goals and sparsity, in the layout that is fastest. @returns what is active then, and synapses that carried */
export function stepOf(graph: NeuronGraph, now: Active, clock: number, layout: SpreadLayout): [Active, edges: number] {
  const { rows, synapses } = graph;
  const ahead = (now.neurons.length * synapses) / Math.max(1, graph.neurons);
  const auto = layout === "auto" && ahead >= LEAST;
  const much = ahead * GAIN >= rows + synapses;
  if (layout === "targets" || (auto && much)) {
    const table = byTargets.of(graph, ahead, layout === "targets");
    if (table !== undefined) return [pulled(graph, table, now), fired(graph, now, clock)];
  }
  if (layout === "senders" || (auto && !much && ahead >= rows * BYTE)) {
    const table = bySenders.of(graph, ahead, layout === "senders");
    if (table !== undefined) return [sent(table, now), fired(graph, now, clock)];
  }
  const edges = pushStep(graph, now, clock);
  return [pushed(graph), edges];
}
