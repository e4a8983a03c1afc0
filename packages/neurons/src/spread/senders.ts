import { pushTable } from "@ganglion/kernels";
import type { PushTable } from "@ganglion/kernels";
import type { NeuronGraph } from "../store/graph.ts";
import type { Active } from "./active.ts";
import { fitsSent, layOutSent } from "./layOut.ts";
import { Layouts } from "./layouts.ts";

/** Synapses by the neurons that they come from, without what a step does not need. */
export const bySenders: Layouts<PushTable> = new Layouts((graph: NeuronGraph, before: PushTable | undefined) => {
  const laid = layOutSent(graph);
  if (!fitsSent(laid)) return undefined;
  const table = before?.neurons.length === graph.rows ? before : pushTable(graph.rows);
  table.take(laid);
  return table;
}, 0.25);

/** What is active after a step by senders, in the order of rows. */
export function sent(table: PushTable, { neurons, activations }: Active): Active {
  table.neurons.set(neurons);
  table.activations.set(activations);
  const count = table.step(neurons.length);
  return { neurons: table.neurons.slice(0, count), activations: table.activations.slice(0, count) };
}
