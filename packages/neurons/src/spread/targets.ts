import { spreadTable } from "@ganglion/kernels";
import type { SpreadTable } from "@ganglion/kernels";
import type { NeuronGraph } from "../store/graph.ts";
import type { Active } from "./active.ts";
import { fits, layOut } from "./layOut.ts";
import { Layouts } from "./layouts.ts";

/** Synapses by the neurons that they lead to. */
export const byTargets: Layouts<SpreadTable> = new Layouts((graph, before) => {
  const laid = layOut(graph);
  if (!fits(laid)) return undefined;
  const table = before?.next.length === graph.rows ? before : spreadTable(graph.rows);
  table.take(laid);
  return table;
}, 2);

/** What is active after a step by targets, in the order of rows. */
export function pulled(graph: NeuronGraph, table: SpreadTable, now: Active): Active {
  const { activation, next } = table;
  const { rows } = graph;
  activation.fill(0);
  for (let place = 0; place < now.neurons.length; place++) activation[now.neurons[place]!] = now.activations[place]!;
  table.step();
  const neurons = new Uint32Array(rows);
  const activations = new Float32Array(rows);
  let length = 0;
  // without a branch: the next row overwrites one that stays dark
  for (let row = 0; row < rows; row++) {
    const value = next[row]!;
    neurons[length] = row;
    activations[length] = value;
    length += value > 0 ? 1 : 0;
  }
  return { neurons: neurons.subarray(0, length), activations: activations.subarray(0, length) };
}
