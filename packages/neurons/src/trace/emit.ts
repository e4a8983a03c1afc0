import { checkCount } from "../check.ts";
import { GraphError } from "../errors.ts";
import { activationOf } from "../spread/active.ts";
import type { Active } from "../spread/active.ts";
import { onGrid } from "../spread/exact.ts";
import type { Spread } from "../spread/spread.ts";
import type { NeuronGraph } from "../store/graph.ts";
import { NEURON_WORDS, SYNAPSE_WORDS, word } from "../store/layout.ts";
import type { Trace } from "./trace.ts";

/** A synapse that carried activation, as it was when it did. */
export interface Carrier {
  /** Step that brought it, from 1. */
  readonly step: number;
  readonly from: number;
  readonly to: number;
  readonly fromName: string;
  readonly toName: string;
  /** Relation of the synapse; `kept` for what the neuron kept of its own activation. */
  readonly relation: string;
  readonly weight: number;
  /** Activation of the sender before the step. */
  readonly activation: number;
  /** What arrived. */
  readonly contribution: number;
}

/** A neuron that was read out, and the path behind it. */
export interface Emission {
  readonly neuron: number;
  readonly name: string;
  readonly activation: number;
  /** Step after which it was read. */
  readonly step: number;
  /** From the neuron back to the seeds, the strongest first within a step. */
  readonly carriers: readonly Carrier[];
}

/** How far an emission is traced. */
export interface EmitConfig {
  /** Most carriers per neuron and step; the weaker ones are left out. Default: all. */
  readonly width?: number;
  /** Where the emission is written down. */
  readonly trace?: Trace;
}

/**
 * Reads a neuron out and finds the synapses that brought its activation, back to the seeds.
 *
 * The contributions to a neuron in a step add up to its sum before bounds, goals and sparsity. Call it before weights
 * change: the emission keeps them as they are.
 *
 * @throws GraphError when the neuron does not exist
 */
export function emit(
  graph: NeuronGraph,
  { frames }: Pick<Spread, "frames">,
  neuron: number,
  { width = Infinity, trace }: EmitConfig = {},
): Emission {
  graph.check("emit", neuron);
  if (width !== Infinity) checkCount("emit", "width", width);
  const last = frames.at(-1);
  if (last === undefined) throw new GraphError("emit", "expected the outcome of a spread, received one without frames");
  const step = frames.length - 1;
  const carriers: Carrier[] = [];
  let asked = new Set([neuron]);
  for (let at = step; at > 0 && asked.size > 0; at--) {
    const found = strongestOf(carriersInto(graph, frames[at - 1]!, asked, at), width);
    carriers.push(...found);
    asked = new Set(found.map(({ from }) => from));
  }
  const emission = { neuron, name: graph.label(neuron), activation: activationOf(last, neuron), step, carriers };
  trace?.add({ kind: "emit", emission });
  return emission;
}

/**
 * The synapses that carried an emission: those of the last step, the strongest first, then those behind them.
 *
 * @returns carriers without what neurons merely kept
 */
export function why({ carriers }: Emission): readonly Carrier[] {
  return carriers.filter(({ relation }) => relation !== "kept");
}

function carriersInto(graph: NeuronGraph, before: Active, asked: ReadonlySet<number>, step: number): Carrier[] {
  const { words, floats } = graph.records.neuronViews;
  const { words: targets, floats: weights } = graph.records.synapseViews;
  const found: Carrier[] = [];
  const add = (
    from: number,
    to: number,
    relation: string,
    weight: number,
    activation: number,
    strength: number,
  ): void => {
    const contribution = onGrid(activation * strength);
    const names = { fromName: graph.label(from), toName: graph.label(to) };
    if (contribution !== 0) found.push({ step, from, to, ...names, relation, weight, activation, contribution });
  };
  for (const [place, from] of before.neurons.entries()) {
    const activation = before.activations[place]!;
    const at = from * NEURON_WORDS;
    const decay = floats[at + word.decay]!;
    if (asked.has(from)) add(from, from, "kept", decay, activation, decay);
    if (activation < floats[at + word.threshold]!) continue;
    const start = words[at + word.synapseOffset]!;
    const end = start + words[at + word.fanOut]!;
    for (let slot = start * SYNAPSE_WORDS; slot < end * SYNAPSE_WORDS; slot += SYNAPSE_WORDS) {
      const to = targets[slot]!;
      if (!asked.has(to)) continue;
      const code = targets[slot + 2]! & 0xffff;
      const weight = weights[slot + 3]!;
      add(from, to, graph.relations.nameOf(code), weight, activation, weight * graph.relations.weights[code]!);
    }
  }
  return found;
}

/** The strongest carriers of every neuron, all in one order. */
function strongestOf(found: Carrier[], width: number): Carrier[] {
  const taken = new Map<number, number>();
  return found
    .toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution) || a.from - b.from)
    .filter(({ to }) => {
      const count = (taken.get(to) ?? 0) + 1;
      taken.set(to, count);
      return count <= width;
    });
}
