import { spreadTable } from "@ganglion/kernels";
import type { SpreadTable } from "@ganglion/kernels";
import type { NeuronGraph } from "../store/graph.ts";
import { NEURON_WORDS, word } from "../store/layout.ts";
import type { Active } from "./active.ts";
import { fires } from "./fire.ts";
import { fits, layOut } from "./layOut.ts";

/** A layout by targets that spreads of one graph share, and whether it is worth its while. */
interface Kept {
  /** Version of the graph that it is about. */
  version: number;
  /** Synapses that would have been cheaper by targets since that version. */
  missed: number;
  table: SpreadTable | undefined;
  /** Whether the table holds that version; an absent one then means that the kernels cannot add it up. */
  fresh: boolean;
}

/** A step by targets looks at every synapse, one by rows at those of the active neurons, but these take so many times as long. */
const GAIN = 16;

/** Synapses in a step below which nothing is gained. */
const LEAST = 4096;

const layouts = new WeakMap<NeuronGraph, Kept>();

/**
 * The table for a step by targets, or nothing when one by rows is faster, or as long as the graph changes too often:
 * they are laid out when what was missed since the last change is as much as that takes.
 */
export function targetsFor(graph: NeuronGraph, active: number, forced: boolean): SpreadTable | undefined {
  const { rows, synapses, version } = graph;
  const ahead = (active * synapses) / Math.max(1, graph.neurons);
  if (!forced && (ahead < LEAST || ahead * GAIN < rows + synapses)) return undefined;
  let kept = layouts.get(graph);
  if (kept === undefined) layouts.set(graph, (kept = { version, missed: 0, table: undefined, fresh: false }));
  if (kept.version !== version) Object.assign(kept, { version, missed: 0, fresh: false });
  if (kept.fresh) return kept.table;
  kept.missed += ahead;
  if (!forced && kept.missed < 2 * synapses) return undefined;
  const laid = layOut(graph);
  kept.fresh = true;
  if (!fits(laid)) return (kept.table = undefined);
  if (kept.table?.next.length !== rows) kept.table = spreadTable(rows);
  kept.table.take(laid);
  return kept.table;
}

/** One step by targets. @returns synapses that carried */
export function pullStep(graph: NeuronGraph, table: SpreadTable, now: Active, clock: number): number {
  const { words, floats } = graph.records.neuronViews;
  const { activation } = table;
  const { neurons, activations } = now;
  let edges = 0;
  activation.fill(0);
  for (let place = 0; place < neurons.length; place++) {
    const neuron = neurons[place]!;
    const at = neuron * NEURON_WORDS;
    activation[neuron] = activations[place]!;
    if (activations[place]! < floats[at + word.threshold]!) continue;
    fires(words, at, clock);
    edges += words[at + word.fanOut]!;
  }
  table.step();
  return edges;
}

/** What a step by targets left above 0, in the order of rows. */
export function pulled({ next }: SpreadTable): Active {
  const rows = next.length;
  const neurons = new Uint32Array(rows);
  const activations = new Float32Array(rows);
  let length = 0;
  // without a branch: the next row overwrites one that stays dark
  for (let row = 0; row < rows; row++) {
    const value = next[row]!;
    neurons[length] = row;
    activations[length] = value;
    length += value > 0 ? 1 : 0;
  }
  return { neurons: neurons.subarray(0, length), activations: activations.subarray(0, length) };
}
