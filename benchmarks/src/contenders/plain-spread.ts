import { contender } from "../measure/race.ts";
import type { Contender } from "../measure/race.ts";
import { readArrays } from "../work/arrays.ts";
import { sentBy, shownSum } from "../work/synapses.ts";
import type { Synapses } from "../work/synapses.ts";

/**
 * What the active neurons in a file of `work/synapses.ts` send, synapse by synapse, and the sum of the first few. Synapses were sorted by
 * their senders before.
 */
export function spreadFew(name: string, path: string): Contender {
  const arrays = readArrays(path);
  const given = Object.fromEntries(Object.entries(arrays).map(([name, { data }]) => [name, data]));
  const { starts, targets, strengths } = sentBy(given as unknown as Synapses);
  const x = given["x"] as Float32Array;
  const neurons = x.length;
  const sums = new Float32Array(neurons);
  const active = Uint32Array.from(x.keys()).filter((neuron) => x[neuron] !== 0);
  return contender(name, () => {
    sums.fill(0);
    for (let i = 0; i < active.length; i++) {
      const neuron = active[i]!;
      const sent = x[neuron]!;
      for (let slot = starts[neuron]!; slot < starts[neuron + 1]!; slot++)
        sums[targets[slot]!]! += sent * strengths[slot]!;
    }
    return shownSum(sums);
  });
}
