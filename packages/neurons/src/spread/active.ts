import { NEURON_WORDS } from "../store/layout.ts";
import type { NeuronGraph } from "../store/graph.ts";

/** Neurons that are active, the strongest first, equals in the order of their identities. */
export interface Active {
  /** Rows `[active]`. */
  readonly neurons: Uint32Array;
  /** `[active]`, in (0, 1]. */
  readonly activations: Float32Array;
}

/** Activation of one neuron, 0 when it is not active. */
export function activationOf({ neurons, activations }: Active, neuron: number): number {
  const at = neurons.indexOf(neuron);
  return at === -1 ? 0 : activations[at]!;
}

/** The strongest neuron among those that are asked about, or nothing when none is active. */
export function strongest({ neurons }: Active, among: (neuron: number) => boolean): number | undefined {
  return neurons.find(among);
}

/** Orders neurons by activation, equals by identity, whatever their rows. @internal */
export function ordered(graph: NeuronGraph, neurons: Uint32Array, values: Float32Array): Active {
  const { words } = graph.records.neuronViews;
  const order = Uint32Array.from(neurons.keys());
  order.sort((a, b) => values[b]! - values[a]! || precedes(words, neurons[a]!, neurons[b]!));
  return {
    neurons: order.map((place) => neurons[place]!),
    activations: Float32Array.from(order, (place) => values[place]!),
  };
}

/** Below 0 when the identity of row `a` is the smaller one. @internal */
export function precedes(words: Uint32Array, a: number, b: number): number {
  const [first, second] = [a * NEURON_WORDS, b * NEURON_WORDS];
  return words[first + 1]! - words[second + 1]! || words[first]! - words[second]!;
}
