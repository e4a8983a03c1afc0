import type { PushTable } from "@ganglion/kernels";
import { NEURON_WORDS } from "../store/layout.ts";
import type { NeuronGraph } from "../store/graph.ts";
import { bySenders } from "./senders.ts";

/** Neurons that are active. */
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

/** The first neuron among those that are asked about, or nothing: the strongest one of a spread. */
export function strongest({ neurons }: Active, among: (neuron: number) => boolean): number | undefined {
  return neurons.find(among);
}

/** Rows and 32 bits of an activation fit a float64 up to here. */
const MOST_ROWS = 2 ** 21;

/** Orders neurons by activation, the strongest first, equals by identity, whatever their rows. @internal */
export function ordered(graph: NeuronGraph, { neurons, activations }: Active): Active {
  if (graph.idsAscend && neurons.length > RADIX_FROM && ascends(neurons)) {
    const table = bySenders.now(graph);
    return table === undefined ? sortedByDigits(neurons, activations) : sortedIn(table, { neurons, activations });
  }
  if (graph.idsAscend && graph.rows <= MOST_ROWS) return sortedByKeys(neurons, activations);
  const { words } = graph.records.neuronViews;
  const order = Uint32Array.from(neurons.keys());
  order.sort((a, b) => activations[b]! - activations[a]! || precedes(words, neurons[a]!, neurons[b]!));
  return {
    neurons: order.map((place) => neurons[place]!),
    activations: Float32Array.from(order, (place) => activations[place]!),
  };
}

/** Neurons from which counting their digits is faster than comparing keys. */
const RADIX_FROM = 512;

function ascends(neurons: Uint32Array): boolean {
  for (let i = 1; i < neurons.length; i++) if (neurons[i]! < neurons[i - 1]!) return false;
  return true;
}

/** The same sort in the memory of the kernels. */
function sortedIn(table: PushTable, { neurons, activations }: Active): Active {
  const { length } = neurons;
  table.neurons.set(neurons);
  table.activations.set(activations);
  table.order(length);
  return { neurons: table.neurons.slice(0, length), activations: table.activations.slice(0, length) };
}

/** Radix sort by the bits of activations, which are ordered like them; it keeps the order of equals, that of the rows. */
function sortedByDigits(neurons: Uint32Array, activations: Float32Array): Active {
  const { length } = neurons;
  let from = { neurons, activations, bits: new Uint32Array(activations.buffer, activations.byteOffset, length) };
  for (const shift of [0, 11, 22]) {
    const places = new Uint32Array(2049);
    for (let i = 0; i < length; i++) places[2048 - ((from.bits[i]! >>> shift) & 2047)]!++;
    for (let digit = 1; digit < 2049; digit++) places[digit]! += places[digit - 1]!;
    const to = new Float32Array(length);
    const next = { neurons: new Uint32Array(length), activations: to, bits: new Uint32Array(to.buffer) };
    for (let i = 0; i < length; i++) {
      const place = places[2047 - ((from.bits[i]! >>> shift) & 2047)]!++;
      next.bits[place] = from.bits[i]!;
      next.neurons[place] = from.neurons[i]!;
    }
    from = next;
  }
  return { neurons: from.neurons, activations: from.activations };
}

/** Packs the bits of each activation, which are ordered like it, and its row into one number; no comparison function. */
function sortedByKeys(neurons: Uint32Array, activations: Float32Array): Active {
  const bits = new Uint32Array(activations.buffer, activations.byteOffset, activations.length);
  const keys = new Float64Array(neurons.length);
  for (let i = 0; i < keys.length; i++) keys[i] = (0xffff_ffff - bits[i]!) * MOST_ROWS + neurons[i]!;
  keys.sort();
  const sorted = { neurons: new Uint32Array(keys.length), activations: new Float32Array(keys.length) };
  const sortedBits = new Uint32Array(sorted.activations.buffer);
  for (let i = 0; i < keys.length; i++) {
    const high = Math.floor(keys[i]! / MOST_ROWS);
    sorted.neurons[i] = keys[i]! - high * MOST_ROWS;
    sortedBits[i] = 0xffff_ffff - high;
  }
  return sorted;
}

/** Below 0 when the identity of row `a` is the smaller one. @internal */
export function precedes(words: Uint32Array, a: number, b: number): number {
  const [first, second] = [a * NEURON_WORDS, b * NEURON_WORDS];
  return words[first + 1]! - words[second + 1]! || words[first]! - words[second]!;
}
