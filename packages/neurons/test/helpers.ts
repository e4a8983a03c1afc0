import { fc } from "@fast-check/vitest";
import { neuronGraph } from "../src/index.ts";
import type { NeuronGraph } from "../src/index.ts";

/** What a random graph is made of. */
export interface Plan {
  readonly neurons: readonly { readonly threshold: number; readonly decay: number }[];
  readonly synapses: readonly {
    readonly from: number;
    readonly to: number;
    readonly weight: number;
    readonly relation: string;
  }[];
  readonly seeds: readonly (readonly [number, number])[];
}

const share = fc.float({ min: 0, max: 1, noNaN: true });

/** Random graphs of up to `most` neurons, inhibiting synapses included, and seeds in them. */
export function plans(most = 24): fc.Arbitrary<Plan> {
  return fc.integer({ min: 1, max: most }).chain((count) => {
    const row = fc.nat(count - 1);
    return fc.record({
      neurons: fc.array(fc.record({ threshold: fc.float({ min: 0, max: 0.5, noNaN: true }), decay: share }), {
        minLength: count,
        maxLength: count,
      }),
      synapses: fc.uniqueArray(
        fc.record({
          from: row,
          to: row,
          weight: fc.float({ min: -1, max: 2, noNaN: true }),
          relation: fc.constantFrom("is_a", "related_to", "antonym"),
        }),
        { maxLength: 4 * count, selector: ({ from, to, relation }) => `${from} ${to} ${relation}` },
      ),
      seeds: fc.uniqueArray(fc.tuple(row, share), { minLength: 1, maxLength: 6, selector: ([neuron]) => neuron }),
    });
  });
}

/** Builds what a plan says. */
export function build({ neurons, synapses }: Plan): NeuronGraph {
  const graph = neuronGraph();
  for (const neuron of neurons) graph.addNeuron(neuron);
  for (const { from, to, ...rest } of synapses) graph.connect(from, to, rest);
  return graph;
}

/** A graph of a few neurons with one-letter names, all of threshold 0.1 and decay 0.5. */
export function letters(names: string): NeuronGraph {
  const graph = neuronGraph();
  graph.relations.set("carries", 1);
  for (const alias of names) graph.addNeuron({ alias, decay: 0.5 });
  return graph;
}

/** Activations by name. */
export function byName(
  graph: NeuronGraph,
  { neurons, activations }: { neurons: Uint32Array; activations: Float32Array },
) {
  return Object.fromEntries(Array.from(neurons, (neuron, place) => [graph.label(neuron), activations[place]!]));
}
