import { GraphError } from "../errors.ts";
import { bounded, onGrid } from "../spread/exact.ts";
import { spread } from "../spread/spread.ts";
import type { NeuronGraph } from "../store/graph.ts";
import { NEURON_WORDS, SYNAPSE_WORDS, word } from "../store/layout.ts";

/** The synapses of a graph by their targets, for steps in which much is active. */
export interface Pull {
  /**
   * One step of spread for all neurons, before goals and sparsity.
   *
   * @param activation `[rows]`, in [0, 1]
   * @param out receives the next activation `[rows]`, in [0, 1]
   */
  step(activation: Float32Array, out: Float32Array): void;
  /**
   * Whether `spread` gives the same after one step, bit for bit.
   *
   * @param activation `[rows]`, in [0, 1]
   * @throws GraphError naming the first neuron that differs
   */
  verify(activation: Float32Array): void;
}

/**
 * Lays the synapses of a graph out by their targets (compressed sparse columns): each neuron then pulls what others send,
 * with one write per neuron instead of one per synapse. Weights are taken as they are now.
 */
export function pull(graph: NeuronGraph): Pull {
  const { rows } = graph;
  const { starts, senders, strengths } = byTarget(graph);
  const { floats } = graph.records.neuronViews;
  const decays = Float32Array.from({ length: rows }, (_, row) => floats[row * NEURON_WORDS + word.decay]!);
  const thresholds = Float32Array.from({ length: rows }, (_, row) => floats[row * NEURON_WORDS + word.threshold]!);
  const sent = new Float32Array(rows);
  const layout: Pull = {
    step(activation, out) {
      for (let row = 0; row < rows; row++) sent[row] = activation[row]! >= thresholds[row]! ? activation[row]! : 0;
      for (let row = 0; row < rows; row++) {
        let sum = onGrid(activation[row]! * decays[row]!);
        const end = starts[row + 1]!;
        for (let slot = starts[row]!; slot < end; slot++) sum += onGrid(sent[senders[slot]!]! * strengths[slot]!);
        out[row] = bounded(sum);
      }
    },
    verify(activation) {
      const out = new Float32Array(rows);
      layout.step(activation, out);
      const seeds = Array.from(activation, (value, row) => [row, value] as const).filter(([row]) => graph.has(row));
      const { neurons, activations } = spread(graph, seeds, { steps: 1, sparsity: 1, epsilon: 0 });
      const expected = new Float32Array(rows);
      for (const [place, neuron] of neurons.entries()) expected[neuron] = activations[place]!;
      const row = expected.findIndex((value, at) => value !== out[at] && graph.has(at));
      if (row === -1) return;
      const both = `expected ${expected[row]} at ${graph.label(row)}, as spread has it, received ${out[row]}`;
      throw new GraphError("verify", `${both}. Rebuild the layout?`);
    },
  };
  return layout;
}

/** Counting sort of all synapses by the row that they lead to. */
function byTarget(graph: NeuronGraph): { starts: Uint32Array; senders: Uint32Array; strengths: Float64Array } {
  const { words, floats } = graph.records.synapseViews;
  const carried = graph.relations.weights;
  const starts = new Uint32Array(graph.rows + 2);
  eachSlot(graph, (_, at) => starts[words[at]! + 2]!++);
  for (let row = 2; row < starts.length; row++) starts[row]! += starts[row - 1]!;
  const senders = new Uint32Array(graph.synapses);
  const strengths = new Float64Array(graph.synapses);
  eachSlot(graph, (row, at) => {
    const slot = starts[words[at]! + 1]!++;
    senders[slot] = row;
    strengths[slot] = floats[at + 3]! * carried[words[at + 2]! & 0xffff]!;
  });
  return { starts, senders, strengths };
}

function eachSlot(graph: NeuronGraph, visit: (row: number, at: number) => void): void {
  for (let row = 0; row < graph.rows; row++) {
    const [start, end] = graph.records.block(row);
    for (let at = start * SYNAPSE_WORDS; at < end * SYNAPSE_WORDS; at += SYNAPSE_WORDS) visit(row, at);
  }
}
