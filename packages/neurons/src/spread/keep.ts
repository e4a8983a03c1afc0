import type { NeuronGraph } from "../store/graph.ts";
import { precedes } from "./active.ts";

/**
 * Picks the strongest `most` of some neurons; ties at the edge go to the smaller identities.
 *
 * @param values `[neurons]`, above 0
 * @returns places within `neurons`, in their order
 */
export function keepStrongest(
  graph: NeuronGraph,
  neurons: Uint32Array,
  values: Float32Array,
  most: number,
): Uint32Array<ArrayBuffer> {
  if (neurons.length <= most) return Uint32Array.from(neurons.keys());
  const edge = nthLargest(values, most);
  const { words } = graph.records.neuronViews;
  const ties = Uint32Array.from(neurons.keys()).filter((place) => values[place] === edge);
  const above = values.reduce((count, value) => count + (value > edge ? 1 : 0), 0);
  const lucky = new Set(ties.toSorted((a, b) => precedes(words, neurons[a]!, neurons[b]!)).subarray(0, most - above));
  return Uint32Array.from(neurons.keys()).filter((place) => values[place]! > edge || lucky.has(place));
}

/** Places of the strongest `most` neurons of every group, and of all that have none (-1). */
export function keepPerGroup(
  graph: NeuronGraph,
  neurons: Uint32Array,
  values: Float32Array,
  groups: Int32Array,
  most: number,
): Uint32Array<ArrayBuffer> {
  const places = new Map<number, number[]>();
  const kept: number[] = [];
  for (const [place, neuron] of neurons.entries()) {
    const group = groups[neuron] ?? -1;
    if (group < 0) kept.push(place);
    else if (places.has(group)) places.get(group)!.push(place);
    else places.set(group, [place]);
  }
  for (const members of places.values()) {
    const rows = Uint32Array.from(members, (place) => neurons[place]!);
    const strengths = Float32Array.from(members, (place) => values[place]!);
    for (const winner of keepStrongest(graph, rows, strengths, most)) kept.push(members[winner]!);
  }
  return Uint32Array.from(kept.toSorted((a, b) => a - b));
}

/**
 * The n-th largest of positive numbers, by their bits: the bits of positive floats are ordered like the floats, so three
 * counting passes of at most 11 bits find it.
 */
function nthLargest(values: Float32Array, n: number): number {
  const bits = new Uint32Array(values.slice().buffer);
  let prefix = 0;
  let left = n;
  for (const [shift, width] of [
    [21, 11],
    [10, 11],
    [0, 10],
  ] as const) {
    const counts = new Uint32Array(1 << width);
    const above = shift + width;
    for (const word of bits) {
      if (above === 32 || word >>> above === prefix) counts[(word >>> shift) & (counts.length - 1)]!++;
    }
    let digit = counts.length - 1;
    while (counts[digit]! < left) left -= counts[digit--]!;
    prefix = prefix * counts.length + digit;
  }
  return new Float32Array(Uint32Array.of(prefix).buffer)[0]!;
}
