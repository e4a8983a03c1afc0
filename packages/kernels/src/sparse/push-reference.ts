import { onGrid } from "./spread-reference.ts";

/** Synapses by the neuron that they come from, and what neurons do by themselves. */
export interface SentSynapses {
  /** Where the synapses of each neuron begin, and behind the last one, `[rows + 1]`. */
  readonly starts: Uint32Array;
  /** Rows that they lead to, `[synapses]`. */
  readonly targets: Uint32Array;
  /** What a full activation carries, `[synapses]`; onto one neuron less than 2^18 in all, whatever the signs. */
  readonly strengths: Float32Array | Float64Array;
  /** Least activations with which neurons send, `[rows]`. */
  readonly thresholds: Float32Array;
  /** Shares of their activation that neurons keep, `[rows]`, in [0, 1]. */
  readonly decays: Float32Array;
}

/** Room for the active neurons of a step. */
export interface ActiveRows {
  /** Rows, each once, `[rows]`. */
  readonly neurons: Uint32Array;
  /** `[rows]`, in [0, 1] */
  readonly activations: Float32Array;
}

/**
 * One step of spreading activation from the active neurons alone, in plain loops: the readable reference of the steps of a
 * `pushTable`, with the sums of `spreadReference`.
 *
 * @param active its first neurons are replaced by those that are above 0 after the step, in the order of rows
 * @param count active neurons before
 * @returns active neurons after
 */
export function pushReference(synapses: SentSynapses, { neurons, activations }: ActiveRows, count: number): number {
  const { starts, targets, strengths, thresholds, decays } = synapses;
  const sums = new Float64Array(decays.length);
  for (let i = 0; i < count; i++) {
    const row = neurons[i]!;
    const activation = activations[i]!;
    sums[row]! += onGrid(activation * decays[row]!);
    if (!(activation >= thresholds[row]!)) continue;
    for (let slot = starts[row]!; slot < starts[row + 1]!; slot++) {
      sums[targets[slot]!]! += onGrid(activation * strengths[slot]!);
    }
  }
  let length = 0;
  for (let row = 0; row < sums.length; row++) {
    if (!(sums[row]! > 0)) continue;
    neurons[length] = row;
    activations[length++] = Math.min(1, sums[row]!);
  }
  return length;
}

/** Puts the strongest of the first `count` neurons first, equals in their order: the reference of `order` of a `pushTable`. */
export function orderReference({ neurons, activations }: ActiveRows, count: number): void {
  const places = Uint32Array.from({ length: count }, (_, place) => place);
  places.sort((a, b) => activations[b]! - activations[a]! || a - b);
  const [rows, values] = [neurons.slice(), activations.slice()];
  for (const [to, from] of places.entries()) {
    neurons[to] = rows[from]!;
    activations[to] = values[from]!;
  }
}
