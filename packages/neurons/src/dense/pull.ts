import { spreadReference } from "@ganglion/kernels";
import { layOut } from "../spread/layOut.ts";
import type { NeuronGraph } from "../store/graph.ts";
import { byTargets } from "./byTargets.ts";
import type { Pull } from "./byTargets.ts";

/**
 * Lays the synapses of a graph out by their targets (compressed sparse rows): each neuron then pulls what others send, with
 * one write per neuron instead of one per synapse. Weights are taken as they are now. Plain loops; see {@link simd}.
 */
export function pull(graph: NeuronGraph): Pull {
  const synapses = layOut(graph);
  return byTargets(graph, (activation, next) => spreadReference(synapses, { activation, next }));
}
