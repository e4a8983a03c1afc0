import type { NeuronGraph } from "../store/graph.ts";
import { NEURON_WORDS, word } from "../store/layout.ts";
import type { Active } from "./active.ts";

/** Writes into a neuron's record that it fired in a spread, once per spread. */
export function fires(words: Uint32Array, at: number, clock: number): void {
  const [low, high] = [clock >>> 0, Math.floor(clock / 2 ** 32)];
  if (words[at + word.lastFired] === low && words[at + word.lastFired + 1] === high) return;
  words[at + word.lastFired] = low;
  words[at + word.lastFired + 1] = high;
  words[at + word.fireCount]!++;
}

/** The same for all active neurons that are at or above their thresholds. @returns synapses that leave these */
export function fired(graph: NeuronGraph, { neurons, activations }: Active, clock: number): number {
  const { words, floats } = graph.records.neuronViews;
  let edges = 0;
  for (let place = 0; place < neurons.length; place++) {
    const at = neurons[place]! * NEURON_WORDS;
    if (activations[place]! < floats[at + word.threshold]!) continue;
    fires(words, at, clock);
    edges += words[at + word.fanOut]!;
  }
  return edges;
}
