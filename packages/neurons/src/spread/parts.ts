import type { NeuronGraph } from "../store/graph.ts";
import { NEURON_WORDS, SYNAPSE_WORDS, word } from "../store/layout.ts";
import type { Active } from "./active.ts";
import { bounded, onGrid } from "./exact.ts";

/** What some of the active neurons keep and send in one step: sums per row, `[rows]`, multiples of 2^-32. */
export type PartialSums = Float64Array;

/**
 * The part of one step of spread that falls to the active neurons in some places; nothing is written into the graph, so
 * workers that hold copies of its tables may each do a part.
 *
 * @param places first place and the one behind the last, within `active`
 * @see {@link mergeSums}
 */
export function partialSums(graph: NeuronGraph, active: Active, [first, end]: readonly [number, number]): PartialSums {
  const sums = new Float64Array(graph.rows);
  const { words, floats } = graph.records.neuronViews;
  const { words: targets, floats: weights } = graph.records.synapseViews;
  const carried = graph.relations.weights;
  for (let place = first; place < end; place++) {
    const at = active.neurons[place]! * NEURON_WORDS;
    const activation = active.activations[place]!;
    sums[active.neurons[place]!]! += onGrid(activation * floats[at + word.decay]!);
    if (activation < floats[at + word.threshold]!) continue;
    const start = words[at + word.synapseOffset]! * SYNAPSE_WORDS;
    const stop = start + words[at + word.fanOut]! * SYNAPSE_WORDS;
    for (let slot = start; slot < stop; slot += SYNAPSE_WORDS) {
      sums[targets[slot]!]! += onGrid(activation * (weights[slot + 3]! * carried[targets[slot + 2]! & 0xffff]!));
    }
  }
  return sums;
}

/**
 * Puts parts together, in any order: the activation of every row after the step, before goals and sparsity.
 *
 * @param parts `[rows]` each
 * @returns `[rows]`, in [0, 1]: the bits that one part over all active neurons gives
 */
export function mergeSums(parts: readonly PartialSums[]): Float32Array {
  const whole = new Float64Array(parts[0]?.length ?? 0);
  for (const part of parts) for (let row = 0; row < whole.length; row++) whole[row]! += part[row]!;
  return Float32Array.from(whole, bounded);
}
