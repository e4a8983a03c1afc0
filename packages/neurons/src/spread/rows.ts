import type { NeuronGraph } from "../store/graph.ts";
import { NEURON_WORDS, SYNAPSE_WORDS, word } from "../store/layout.ts";
import type { Active } from "./active.ts";
import { bounded, onGrid } from "./exact.ts";
import { fires } from "./fire.ts";
import { reserveTouched, scratchOf } from "./scratch.ts";

/** One step by rows: what every neuron keeps and what the firing ones send, summed per row. @returns synapses that carried */
export function pushStep(graph: NeuronGraph, { neurons, activations }: Active, clock: number): number {
  const scratch = scratchOf(graph);
  const { sums } = scratch;
  const { words, floats } = graph.records.neuronViews;
  const { words: targets, floats: weights } = graph.records.synapseViews;
  const carried = graph.relations.weights;
  let edges = 0;
  let count = 0;
  for (let place = 0; place < neurons.length; place++) {
    const neuron = neurons[place]!;
    const activation = activations[place]!;
    const at = neuron * NEURON_WORDS;
    const sends = activation >= floats[at + word.threshold]!;
    const start = words[at + word.synapseOffset]! * SYNAPSE_WORDS;
    const fanOut = sends ? words[at + word.fanOut]! : 0;
    scratch.count = count;
    const touched = reserveTouched(scratch, fanOut + 1);
    const kept = onGrid(activation * floats[at + word.decay]!);
    if (kept !== 0) {
      if (sums[neuron] === 0) touched[count++] = neuron;
      sums[neuron]! += kept;
    }
    if (sends) fires(words, at, clock);
    const end = start + fanOut * SYNAPSE_WORDS;
    for (let slot = start; slot < end; slot += SYNAPSE_WORDS) {
      const sent = onGrid(activation * (weights[slot + 3]! * carried[targets[slot + 2]! & 0xffff]!));
      if (sent === 0) continue;
      const to = targets[slot]!;
      const sum = sums[to]!;
      if (sum === 0) touched[count++] = to;
      sums[to] = sum + sent;
    }
    edges += fanOut;
  }
  scratch.count = count;
  return edges;
}

/** What a step by rows left above 0; clears the sums. */
export function pushed(graph: NeuronGraph): Active {
  const { sums, touched, count } = scratchOf(graph);
  // where many rows were touched, all are looked at: in their order, which the next step finds faster
  const { rows } = graph;
  const inOrder = count > rows / 8;
  const candidates = inOrder ? rows : count;
  const neurons = new Uint32Array(candidates);
  const activations = new Float32Array(candidates);
  let length = 0;
  // without a branch: the next row overwrites one that stays dark
  for (let i = 0; i < candidates; i++) {
    const row = inOrder ? i : touched[i]!;
    const value = bounded(sums[row]!);
    sums[row] = 0;
    neurons[length] = row;
    activations[length] = value;
    length += value > 0 ? 1 : 0;
  }
  return { neurons: neurons.subarray(0, length), activations: activations.subarray(0, length) };
}
