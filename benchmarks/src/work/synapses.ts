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
