import { spreadRowsReference } from "@ganglion/kernels";
import type { NeuronGraph } from "../store/graph.ts";
import { byTargets } from "./byTargets.ts";
import type { Pull } from "./byTargets.ts";

/**
 * Lays the synapses of a graph out by their targets (compressed sparse rows): each neuron then pulls what others send, with
 * one write per neuron instead of one per synapse. Weights are taken as they are now. Plain loops; see {@link simd}.
 */
export function pull(graph: NeuronGraph): Pull {
  const { rows, synapses } = graph;
  const [thresholds, decays, activation, next] = Array.from({ length: 4 }, () => new Float32Array(rows));
  const operands = {
    starts: new Uint32Array(rows + 1),
    senders: new Uint32Array(synapses),
    strengths: new Float64Array(synapses),
    thresholds: thresholds!,
    decays: decays!,
    activation: activation!,
    next: next!,
  };
  return byTargets(graph, operands, spreadRowsReference);
}
