import type { NeuronGraph } from "../store/graph.ts";
import { precedes } from "./active.ts";
import type { Active } from "./active.ts";

/** The strongest `most` of some neurons; ties at the edge go to the smaller identities. */
export function keepStrongest(graph: NeuronGraph, active: Active, most: number): Active {
  const { neurons, activations } = active;
  const { length } = neurons;
  if (length <= most) return active;
  const edge = nthLargest(activations, most);
  const kept = { neurons: new Uint32Array(most), activations: new Float32Array(most) };
  const ties: number[] = [];
  let count = 0;
  for (let i = 0; i < length; i++) {
    if (activations[i]! > edge) {
      kept.neurons[count] = neurons[i]!;
      kept.activations[count++] = activations[i]!;
    } else if (activations[i] === edge) ties.push(neurons[i]!);
  }
  const { words } = graph.records.neuronViews;
  if (count + ties.length > most) ties.sort((a, b) => precedes(words, a, b));
  for (let i = 0; count < most; i++) {
    kept.neurons[count] = ties[i]!;
    kept.activations[count++] = edge;
  }
  return kept;
}

/** The strongest `most` neurons of every group, and all that have none (-1). */
export function keepPerGroup(
  graph: NeuronGraph,
  { neurons, activations }: Active,
  groups: Int32Array,
  most: number,
): Active {
  const places = new Map<number, number[]>();
  const kept: Active[] = [];
  for (let place = 0; place < neurons.length; place++) {
    const group = groups[neurons[place]!] ?? -1;
    const members = places.get(group);
    if (members === undefined) places.set(group, [place]);
    else members.push(place);
  }
  for (const [group, members] of places) {
    const part = {
      neurons: Uint32Array.from(members, (place) => neurons[place]!),
      activations: Float32Array.from(members, (place) => activations[place]!),
    };
    kept.push(group < 0 ? part : keepStrongest(graph, part, most));
  }
  return join(kept);
}

function join(parts: readonly Active[]): Active {
  const length = parts.reduce((sum, { neurons }) => sum + neurons.length, 0);
  const whole = { neurons: new Uint32Array(length), activations: new Float32Array(length) };
  let at = 0;
  for (const { neurons, activations } of parts) {
    whole.neurons.set(neurons, at);
    whole.activations.set(activations, at);
    at += neurons.length;
  }
  return whole;
}

/**
 * The n-th largest of positive numbers, by their bits: the bits of positive floats are ordered like the floats, so three
 * counting passes of at most 11 bits find it.
 */
function nthLargest(values: Float32Array, n: number): number {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let prefix = 0;
  let left = n;
  for (const [shift, width] of [
    [21, 11],
    [10, 11],
    [0, 10],
  ] as const) {
    const counts = new Uint32Array(1 << width);
    const mask = counts.length - 1;
    const above = shift + width;
    for (let i = 0; i < bits.length; i++) {
      const word = bits[i]!;
      if (above === 32 || word >>> above === prefix) counts[(word >>> shift) & mask]!++;
    }
    let digit = mask;
    while (counts[digit]! < left) left -= counts[digit--]!;
    prefix = prefix * counts.length + digit;
  }
  return new Float32Array(Uint32Array.of(prefix).buffer)[0]!;
}
