import { encode } from "@ganglion/int8";
import type { RawEntry } from "@ganglion/int8";
import type { NeuronGraph } from "./graph.ts";
import { NEURON_BYTES, SYNAPSE_BYTES } from "./layout.ts";

/** Version of what {@link saveGraph} writes. */
export const GRAPH_VERSION = 1;

/**
 * Writes a graph into one file: a checksummed container with the neuron table, the synapse table, contents, names and
 * relations. The graph is compacted first.
 *
 * @returns the same bytes for the same graph on every little-endian machine, which is all that run JavaScript today
 */
export function saveGraph(graph: NeuronGraph): Uint8Array<ArrayBuffer> {
  graph.compact();
  const { records } = graph;
  return encode(
    [
      table("neurons", records.neuronViews.bytes.subarray(0, graph.rows * NEURON_BYTES), NEURON_BYTES),
      table("synapses", records.synapseViews.bytes.subarray(0, graph.synapses * SYNAPSE_BYTES), SYNAPSE_BYTES),
      table("contents", graph.heap.bytes, 1),
      text("aliases", graph.aliases.entries()),
      text("relations", graph.relations.entries()),
    ],
    { metadata: { format: "neuron graph", version: `${GRAPH_VERSION}`, clock: `${graph.clock}` } },
  );
}

function table(name: string, bytes: Uint8Array, width: number): RawEntry {
  return { kind: "raw", name, shape: [bytes.length / width, width], dtype: "uint8", data: bytes };
}

function text(name: string, value: unknown): RawEntry {
  return table(name, new TextEncoder().encode(JSON.stringify(value)), 1);
}
