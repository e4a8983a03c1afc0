import type { SentSynapses, SpreadSynapses } from "@ganglion/kernels";
import type { NeuronGraph } from "../store/graph.ts";
import { NEURON_WORDS, SYNAPSE_WORDS, word } from "../store/layout.ts";

/** Strengths onto one neuron, without their signs, from which the kernels can no longer add them up. */
const MOST_STRENGTH = 2 ** 18;

/** A counting sort of all synapses by the row that they lead to. Weights are taken as they are now. */
export function layOut(graph: NeuronGraph): SpreadSynapses {
  const { rows, synapses } = graph;
  const starts = new Uint32Array(rows + 1);
  const senders = new Uint32Array(synapses);
  const strengths = isSingle(graph) ? new Float32Array(synapses) : new Float64Array(synapses);
  const { words, floats } = graph.records.synapseViews;
  const carried = graph.relations.weights;
  const places = new Uint32Array(rows + 2);
  for (let row = 0; row < rows; row++) {
    const [start, end] = graph.records.block(row);
    for (let slot = start * SYNAPSE_WORDS; slot < end * SYNAPSE_WORDS; slot += SYNAPSE_WORDS)
      places[words[slot]! + 2]!++;
  }
  for (let row = 2; row < places.length; row++) places[row]! += places[row - 1]!;
  starts.set(places.subarray(1));
  for (let row = 0; row < rows; row++) {
    const [start, end] = graph.records.block(row);
    for (let slot = start * SYNAPSE_WORDS; slot < end * SYNAPSE_WORDS; slot += SYNAPSE_WORDS) {
      const place = places[words[slot]! + 1]!++;
      senders[place] = row;
      strengths[place] = floats[slot + 3]! * carried[words[slot + 2]! & 0xffff]!;
    }
  }
  return { starts, senders, strengths, ...ofNeurons(graph) };
}

/** All synapses as they lie, by the row that they come from. Weights are taken as they are now. */
export function layOutSent(graph: NeuronGraph): SentSynapses {
  const { rows, synapses } = graph;
  const starts = new Uint32Array(rows + 1);
  const targets = new Uint32Array(synapses);
  const strengths = isSingle(graph) ? new Float32Array(synapses) : new Float64Array(synapses);
  const { words, floats } = graph.records.synapseViews;
  const carried = graph.relations.weights;
  let place = 0;
  for (let row = 0; row < rows; row++) {
    const [start, end] = graph.records.block(row);
    for (let slot = start * SYNAPSE_WORDS; slot < end * SYNAPSE_WORDS; slot += SYNAPSE_WORDS) {
      targets[place] = words[slot]!;
      strengths[place++] = floats[slot + 3]! * carried[words[slot + 2]! & 0xffff]!;
    }
    starts[row + 1] = place;
  }
  return { starts, targets, strengths, ...ofNeurons(graph) };
}

/** Threshold and decay of each neuron. */
function ofNeurons({ rows, records }: NeuronGraph): Pick<SpreadSynapses, "thresholds" | "decays"> {
  const { floats } = records.neuronViews;
  const all = (field: number): Float32Array =>
    new Float32Array(rows).map((_, row) => floats[row * NEURON_WORDS + field]!);
  return { thresholds: all(word.threshold), decays: all(word.decay) };
}

/** Whether all that synapses carry of a full activation are float32 numbers, as where relations weigh 1. */
function isSingle(graph: NeuronGraph): boolean {
  const { words, floats } = graph.records.synapseViews;
  const carried = graph.relations.weights;
  for (let row = 0; row < graph.rows; row++) {
    const [start, end] = graph.records.block(row);
    for (let slot = start * SYNAPSE_WORDS; slot < end * SYNAPSE_WORDS; slot += SYNAPSE_WORDS) {
      const strength = floats[slot + 3]! * carried[words[slot + 2]! & 0xffff]!;
      if (Math.fround(strength) !== strength) return false;
    }
  }
  return true;
}

/** Whether the kernels can add up what leads to each neuron. */
export function fits({ starts, strengths }: SpreadSynapses): boolean {
  for (let row = 0; row + 1 < starts.length; row++) {
    let total = 0;
    for (let slot = starts[row]!; slot < starts[row + 1]!; slot++) total += Math.abs(strengths[slot]!);
    if (total >= MOST_STRENGTH) return false;
  }
  return true;
}

/** The same of synapses by the row that they come from. */
export function fitsSent({ targets, strengths, decays }: SentSynapses): boolean {
  const totals = new Float64Array(decays.length);
  for (let slot = 0; slot < targets.length; slot++) totals[targets[slot]!]! += Math.abs(strengths[slot]!);
  return totals.every((total) => total < MOST_STRENGTH);
}
