import { GraphError } from "../errors.ts";
import type { NeuronGraph } from "../store/graph.ts";
import { NEURON_WORDS, SYNAPSE_WORDS, neuronFlags, synapseFlags, word } from "../store/layout.ts";

/** How many synapses a rule changed, and how many it grew. */
export interface Change {
  readonly changed: number;
  readonly grown: number;
}

/** A synapse by its ends and the code of its relation. */
export interface Place {
  readonly from: number;
  readonly to: number;
  readonly relation: number;
}

/** Turns a local change of weight into the one that is made; keeps state per synapse where it needs some. */
export type Smoothing = (place: Place, delta: number) => number;

/** Makes the change as it is. */
export const plain: Smoothing = (_, delta) => delta;

/** Weights stay within these bounds. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** Changes the weight in a slot unless it is pinned. @returns whether it did @internal */
export function nudge(graph: NeuronGraph, place: Place, slot: number, delta: number, { low, high }: Bounds): boolean {
  if (delta === 0 || isPinned(graph, place.from, slot)) return false;
  const { floats } = graph.records.synapseViews;
  const before = floats[slot * SYNAPSE_WORDS + 3]!;
  graph.records.setWeight(slot, Math.min(high, Math.max(low, before + delta)));
  return floats[slot * SYNAPSE_WORDS + 3] !== before;
}

/** Grows a synapse unless its neuron is pinned. @returns whether it did @internal */
export function grow(graph: NeuronGraph, { from, to, relation }: Place, weight: number): boolean {
  if (isPinnedNeuron(graph, from)) return false;
  const slot = graph.records.append(from, to, relation);
  graph.records.setWeight(slot, weight);
  return true;
}

/** Whether no rule may change the synapse in a slot. @internal */
export function isPinned(graph: NeuronGraph, from: number, slot: number): boolean {
  const bits = graph.records.synapseViews.words[slot * SYNAPSE_WORDS + 2]!;
  return (bits & (synapseFlags.pinned << 16)) !== 0 || isPinnedNeuron(graph, from);
}

function isPinnedNeuron(graph: NeuronGraph, neuron: number): boolean {
  return (graph.records.neuronViews.words[neuron * NEURON_WORDS + word.bits]! & (neuronFlags.pinned << 16)) !== 0;
}

/** Code of a relation that must exist. @throws GraphError otherwise @internal */
export function relationCode(graph: NeuronGraph, operation: string, relation: string): number {
  const code = graph.relations.find(relation);
  if (code === undefined)
    throw new GraphError(operation, `expected a relation of the graph, received ${JSON.stringify(relation)}`);
  return code;
}
