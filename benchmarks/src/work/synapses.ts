import { randomBits } from "@ganglion/kernels";

/** Synapses of a random graph by their targets, and the activation of its neurons. */
export interface Synapses {
  readonly starts: Int32Array;
  readonly senders: Int32Array;
  /** Small enough that no sum reaches 1. */
  readonly strengths: Float32Array;
  readonly x: Float32Array;
}

/**
 * First neurons, on the sum of whose activations all contenders must agree after one step. To add up all of them would take
 * as long as some of the steps.
 */
export const SHOWN = 64;

/** That sum. */
export function shownSum(activations: Float32Array): number {
  return activations.subarray(0, SHOWN).reduce((total, value) => total + value, 0);
}

/** @param active share of the neurons that are active, in (0, 1] */
export function synapses(neurons: number, each: number, active: number): Synapses {
  const count = neurons * each;
  const words = new Uint32Array(2 * count + 2 * neurons);
  randomBits(1, neurons, 0, words);
  const share = (index: number): number => words[index]! / 2 ** 32;
  return {
    starts: Int32Array.from({ length: neurons + 1 }, (_, row) => row * each),
    senders: Int32Array.from({ length: count }, (_, slot) => Math.floor(neurons * share(slot))),
    strengths: Float32Array.from({ length: count }, (_, slot) => share(count + slot) / each),
    x: Float32Array.from({ length: neurons }, (_, row) =>
      share(2 * count + row) < active ? 0.1 + 0.9 * share(2 * count + neurons + row) : 0,
    ),
  };
}

/** The same synapses by the neurons that they come from. */
export function sentBy({ starts, senders, strengths }: Pick<Synapses, "starts" | "senders" | "strengths">): {
  /** `[neurons + 1]` */
  readonly starts: Uint32Array;
  /** `[synapses]` */
  readonly targets: Uint32Array;
  readonly strengths: Float32Array;
} {
  const neurons = starts.length - 1;
  const first = new Uint32Array(neurons + 1);
  for (const sender of senders) first[sender + 1]!++;
  for (let neuron = 0; neuron < neurons; neuron++) first[neuron + 1]! += first[neuron]!;
  const targets = new Uint32Array(senders.length);
  const weights = new Float32Array(senders.length);
  const next = first.slice();
  for (let row = 0; row < neurons; row++) {
    for (let slot = starts[row]!; slot < starts[row + 1]!; slot++) {
      const at = next[senders[slot]!]!++;
      targets[at] = row;
      weights[at] = strengths[slot]!;
    }
  }
  return { starts: first, targets, strengths: weights };
}
