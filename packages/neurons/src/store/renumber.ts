import { GraphError } from "../errors.ts";
import { NeuronGraph } from "./graph.ts";
import { Heap } from "./heap.ts";
import { NEURON_BYTES, NEURON_WORDS, SYNAPSE_BYTES, SYNAPSE_WORDS, word } from "./layout.ts";
import { Records } from "./records.ts";
import { Relations } from "./relations.ts";
import { Table } from "./table.ts";

/**
 * The same graph with its neurons in another order; identities, names and contents go with them.
 *
 * @param order old row of each new row, every row once
 * @throws GraphError when that is not a permutation of the rows
 */
export function renumber(graph: NeuronGraph, order: readonly number[]): NeuronGraph {
  const { rows } = graph;
  const place = new Map(order.map((old, neuron) => [old, neuron]));
  if (order.length !== rows || order.some((old) => !(old >= 0 && old < rows)) || place.size !== rows) {
    throw new GraphError("renumber", `expected every row from 0 to ${rows - 1} once, received ${order.length} rows`);
  }
  graph.compact();
  const { neuronViews, synapseViews } = graph.records;
  const neurons = new Table(NEURON_BYTES, rows);
  const synapses = new Table(SYNAPSE_BYTES, graph.synapses);
  neurons.add(rows);
  synapses.add(graph.synapses);
  let next = 0;
  for (const [neuron, old] of order.entries()) {
    const record = neuronViews.words.subarray(old * NEURON_WORDS, (old + 1) * NEURON_WORDS);
    neurons.views.words.set(record, neuron * NEURON_WORDS);
    neurons.views.words[neuron * NEURON_WORDS + word.synapseOffset] = next;
    const [start, end] = graph.records.block(old);
    synapses.views.words.set(
      synapseViews.words.subarray(start * SYNAPSE_WORDS, end * SYNAPSE_WORDS),
      next * SYNAPSE_WORDS,
    );
    for (; next < end - start + neurons.views.words[neuron * NEURON_WORDS + word.synapseOffset]!; next++) {
      const to = synapses.views.words[next * SYNAPSE_WORDS]!;
      synapses.views.words[next * SYNAPSE_WORDS] = place.get(to)!;
    }
  }
  const copy = new NeuronGraph(new Records(neurons, synapses), new Relations(graph.relations.entries()));
  copy.heap = Heap.of(graph.heap.bytes.slice());
  copy.clock = graph.clock;
  for (const [name, neuron] of graph.aliases.entries()) copy.aliases.set(name, place.get(neuron)!);
  return copy;
}
