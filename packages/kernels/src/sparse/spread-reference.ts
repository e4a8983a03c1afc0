/** Synapses by the neuron that they lead to (compressed sparse rows), and what neurons do by themselves. */
export interface SpreadSynapses {
  /** Where the synapses onto each neuron begin, and behind the last one, `[rows + 1]`. */
  readonly starts: Uint32Array;
  /** Rows that they come from, `[synapses]`. */
  readonly senders: Uint32Array;
  /** What a full activation carries, `[synapses]`; onto one neuron less than 2^18 in all, whatever the signs. */
  readonly strengths: Float32Array | Float64Array;
  /** Least activations with which neurons send, `[rows]`. */
  readonly thresholds: Float32Array;
  /** Shares of their activation that neurons keep, `[rows]`, in [0, 1]. */
  readonly decays: Float32Array;
}

/** Activation around one step. */
export interface SpreadState {
  /** Before the step, `[rows]`, in [0, 1]. */
  readonly activation: Float32Array;
  /** After the step, `[rows]`, in [0, 1]. */
  readonly next: Float32Array;
}

/**
 * One step of spreading activation in plain loops, one synapse after the other: every neuron keeps `decay` of its activation
 * and sums what those that are at or above their thresholds send it; the sum is bounded to [0, 1].
 *
 * What a synapse carries is rounded to a multiple of 2^-32 first, so sums are exact and do not depend on their order. It is the readable reference of the steps of a `spreadTable`.
 */
export function spreadReference(
  { starts, senders, strengths, thresholds, decays }: SpreadSynapses,
  { activation, next }: SpreadState,
): void {
  const sent = activation.map((value, row) => (value >= thresholds[row]! ? value : 0));
  for (let row = 0; row < next.length; row++) {
    let sum = onGrid(activation[row]! * decays[row]!);
    const end = starts[row + 1]!;
    for (let slot = starts[row]!; slot < end; slot++) sum += onGrid(sent[senders[slot]!]! * strengths[slot]!);
    next[row] = sum <= 0 ? 0 : sum >= 1 ? 1 : sum;
  }
}

/** 1.5 * 2^20: adding it to a float64 below 2^19 leaves no bit finer than 2^-32. */
const MAGIC = 1_572_864;

/** Rounds to a multiple of 2^-32. */
export function onGrid(value: number): number {
  return value + MAGIC - MAGIC;
}
