import { GraphError } from "../errors.ts";
import { spread } from "../spread/spread.ts";
import type { NeuronGraph } from "../store/graph.ts";

/** The synapses of a graph by their targets, for steps in which much is active. */
export interface Pull {
  /**
   * One step of spread for all neurons, before goals and sparsity.
   *
   * @param activation `[rows]`, in [0, 1]
   * @param out receives the next activation `[rows]`, in [0, 1]
   */
  step(activation: Float32Array, out: Float32Array): void;
  /**
   * Whether `spread` gives the same after one step, bit for bit, synapse by synapse.
   *
   * @param activation `[rows]`, in [0, 1]
   * @throws GraphError naming the first neuron that differs
   */
  verify(activation: Float32Array): void;
}

/** A layout that takes steps in its own way. */
export function byTargets(graph: NeuronGraph, step: Pull["step"]): Pull {
  const { rows } = graph;
  const layout: Pull = {
    step,
    verify(activation) {
      const out = new Float32Array(rows);
      layout.step(activation, out);
      const seeds = Array.from(activation, (value, row) => [row, value] as const).filter(([row]) => graph.has(row));
      const plain = { steps: 1, sparsity: 1, epsilon: 0, layout: "rows" } as const;
      const { neurons, activations } = spread(graph, seeds, plain);
      const expected = new Float32Array(rows);
      for (const [place, neuron] of neurons.entries()) expected[neuron] = activations[place]!;
      const row = expected.findIndex((value, at) => value !== out[at] && graph.has(at));
      if (row === -1) return;
      const both = `expected ${expected[row]} at ${graph.label(row)}, as spread has it, received ${out[row]}`;
      throw new GraphError("verify", `${both}. Rebuild the layout?`);
    },
  };
  return layout;
}
