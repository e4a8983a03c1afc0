import { GraphError } from "../errors.ts";
import { bounded, onGrid } from "../spread/exact.ts";
import { spread } from "../spread/spread.ts";
import type { NeuronGraph } from "../store/graph.ts";
import { NEURON_WORDS, SYNAPSE_WORDS, word } from "../store/layout.ts";

/** The synapses from some neurons to some others as a table, for reading them out without a spread. */
export interface Dense {
  /** Rows of the graph, in the order of the table's rows. */
  readonly inputs: readonly number[];
  /** Rows of the graph, in the order of the table's columns. */
  readonly outputs: readonly number[];
  /** What a full activation carries, `[inputs, outputs]`, row-major; 0 where there is no synapse. */
  readonly weights: Float64Array;
  /**
   * What one step of spread would bring to the outputs.
   *
   * @param lit places within `inputs`, each once
   * @param activations `[lit]`, in [0, 1]; all 1 unless given
   * @param out receives activations `[outputs]`, in [0, 1]
   */
  predict(lit: ArrayLike<number>, activations: ArrayLike<number> | undefined, out: Float32Array): void;
  /**
   * Whether `spread` brings the same to the outputs, bit for bit.
   *
   * @throws GraphError naming the first output that differs
   */
  verify(lit: ArrayLike<number>, activations?: ArrayLike<number>): void;
}

/**
 * Lays the synapses between two sets of neurons out as a table. Weights are taken as they are now.
 *
 * @throws GraphError when a neuron does not exist, or is both input and output
 */
export function dense(graph: NeuronGraph, inputs: readonly number[], outputs: readonly number[]): Dense {
  const columns = new Map(outputs.map((neuron, column) => [neuron, column]));
  for (const neuron of [...inputs, ...outputs]) graph.check("dense", neuron);
  for (const neuron of inputs) {
    if (columns.has(neuron))
      throw new GraphError("dense", `expected inputs apart from outputs, received neuron ${neuron} in both`);
  }
  const width = outputs.length;
  const slots = synapsesBetween(graph, inputs, columns);
  const weights = new Float64Array(inputs.length * width);
  for (const { row, column, strength } of slots) weights[row * width + column]! += strength;
  const thresholds = inputs.map((neuron) => graph.records.neuronViews.floats[neuron * NEURON_WORDS + word.threshold]!);
  const several = slots.length !== new Set(slots.map(({ row, column }) => row * width + column)).size;
  if (several) throw new GraphError("dense", "expected at most one synapse per pair, received several relations");
  const sums = new Float64Array(width);
  const layout: Dense = {
    inputs,
    outputs,
    weights,
    predict(lit, activations, out) {
      sums.fill(0);
      for (let i = 0; i < lit.length; i++) {
        const activation = activations === undefined ? 1 : Math.fround(activations[i]!);
        if (activation === 0 || activation < thresholds[lit[i]!]!) continue;
        const at = lit[i]! * width;
        for (let column = 0; column < width; column++) sums[column]! += onGrid(activation * weights[at + column]!);
      }
      for (let column = 0; column < width; column++) out[column] = bounded(sums[column]!);
    },
    verify(lit, activations) {
      const out = new Float32Array(width);
      layout.predict(lit, activations, out);
      const seeds = Array.from(lit, (place, i) => [inputs[place]!, activations?.[i] ?? 1] as const);
      const { neurons, activations: got } = spread(graph, seeds, { steps: 1, sparsity: 1, epsilon: 0 });
      const reached = new Map(Array.from(neurons, (neuron, place) => [neuron, got[place]!] as const));
      for (const [column, neuron] of outputs.entries()) {
        const expected = reached.get(neuron) ?? 0;
        if (out[column] === expected) continue;
        const name = graph.label(neuron);
        throw new GraphError(
          "verify",
          `expected ${expected} at ${name}, as spread has it, received ${out[column]}. Rebuild the layout?`,
        );
      }
    },
  };
  return layout;
}

function synapsesBetween(
  graph: NeuronGraph,
  inputs: readonly number[],
  columns: ReadonlyMap<number, number>,
): { row: number; column: number; strength: number }[] {
  const found: { row: number; column: number; strength: number }[] = [];
  const { words, floats } = graph.records.synapseViews;
  for (const [row, neuron] of inputs.entries()) {
    const [start, end] = graph.records.block(neuron);
    for (let at = start * SYNAPSE_WORDS; at < end * SYNAPSE_WORDS; at += SYNAPSE_WORDS) {
      const column = columns.get(words[at]!);
      if (column === undefined) continue;
      found.push({ row, column, strength: floats[at + 3]! * graph.relations.weights[words[at + 2]! & 0xffff]! });
    }
  }
  return found;
}
