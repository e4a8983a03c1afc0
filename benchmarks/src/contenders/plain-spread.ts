import { contender } from "../measure/race.ts";
import type { Contender } from "../measure/race.ts";
import { readArrays } from "../work/arrays.ts";
import { shownSum } from "../work/synapses.ts";

/**
 * What the active neurons in a file of `work/synapses.ts` send, synapse by synapse, and the sum of the first few. Synapses were sorted by
 * their senders before.
 */
export function spreadFew(name: string, path: string): Contender {
  const { starts, senders, strengths, x } = readArrays(path);
  const neurons = x!.shape[0]!;
  const first = new Uint32Array(neurons + 1);
  for (const sender of senders!.data) first[sender + 1]!++;
  for (let neuron = 0; neuron < neurons; neuron++) first[neuron + 1]! += first[neuron]!;
  const targets = new Uint32Array(senders!.data.length);
  const weights = new Float32Array(targets.length);
  const next = first.slice();
  for (let row = 0; row < neurons; row++) {
    for (let slot = starts!.data[row]!; slot < starts!.data[row + 1]!; slot++) {
      const at = next[senders!.data[slot]!]!++;
      targets[at] = row;
      weights[at] = strengths!.data[slot]!;
    }
  }
  const sums = new Float32Array(neurons);
  const active = Uint32Array.from(x!.data.keys()).filter((neuron) => x!.data[neuron] !== 0);
  return contender(name, () => {
    sums.fill(0);
    for (let i = 0; i < active.length; i++) {
      const neuron = active[i]!;
      const sent = x!.data[neuron]!;
      for (let slot = first[neuron]!; slot < first[neuron + 1]!; slot++) sums[targets[slot]!]! += sent * weights[slot]!;
    }
    return shownSum(sums);
  });
}
