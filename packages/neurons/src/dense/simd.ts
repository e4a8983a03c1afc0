import { spreadTable } from "@ganglion/kernels";
import { fits, layOut } from "../spread/layOut.ts";
import type { NeuronGraph } from "../store/graph.ts";
import { byTargets } from "./byTargets.ts";
import type { Pull } from "./byTargets.ts";
import { pull } from "./pull.ts";

/**
 * The layout of {@link pull} in the memory of the kernels, where SIMD and, once `threads` of `@ganglion/kernels` was called,
 * several threads take the step. Weights are taken as they are now; it holds 8 or 12 bytes a synapse and about 30 a
 * neuron. Sums that are too large for the kernels are left to {@link pull}.
 */
export function simd(graph: NeuronGraph): Pull {
  const synapses = layOut(graph);
  if (!fits(synapses)) return pull(graph);
  const table = spreadTable(graph.rows);
  table.take(synapses);
  return byTargets(graph, (activation, out) => {
    table.activation.set(activation);
    table.step();
    out.set(table.next);
  });
}
