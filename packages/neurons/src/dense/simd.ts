import { spreadOperands, spreadRows } from "@ganglion/kernels";
import { isSingle } from "../spread/layOut.ts";
import type { NeuronGraph } from "../store/graph.ts";
import { byTargets } from "./byTargets.ts";
import type { Pull } from "./byTargets.ts";

/**
 * The layout of {@link pull} in the memory of the kernels, where SIMD and, once `threads` of `@ganglion/kernels` was called,
 * several threads take the step. Weights are taken as they are now; it holds 8 or 12 bytes a synapse and 28 a
 * neuron.
 */
export function simd(graph: NeuronGraph): Pull {
  return byTargets(graph, spreadOperands(graph.rows, graph.synapses, isSingle(graph)), spreadRows);
}
