import { pairTable } from "@ganglion/kernels";
import type { PairRule } from "@ganglion/kernels";
import { checkCount, checkRange } from "../check.ts";
import { GraphError } from "../errors.ts";
import type { NeuronGraph } from "../store/graph.ts";
import { SYNAPSE_WORDS } from "../store/layout.ts";
import type { Trace } from "../trace/trace.ts";
import { grow, isPinned } from "./change.ts";
import type { Change } from "./change.ts";

/** Settings of a table of pairs. */
export interface PairsConfig {
  /** Most pairs that are taken up at once. Default 65,536. */
  readonly most?: number;
  /** Relation of the synapses that learn; those that are missing grow. Default "co_occurs". */
  readonly relation?: string;
}

/** The synapses from some neurons to some others as a table that learns which follow which. */
export interface Pairs {
  /** `[contexts, words]`, row-major; 0 where there is no synapse. */
  readonly weights: Float32Array;
  /**
   * Takes pairs up, for any number of passes over them.
   *
   * @param contexts places within the contexts, `[pairs]`
   * @param words places within the words, `[pairs]`
   * @throws GraphError for a place that does not exist, or more pairs than there is room for
   */
  take(contexts: ArrayLike<number>, words: ArrayLike<number>): void;
  /**
   * One pass: each pair adds `gain` to its weight and takes `loss` from those of words drawn against it, within bounds.
   *
   * @throws ConfigError for a setting out of range
   */
  learn(rule: PairRule): void;
  /**
   * Writes the weights into the graph. Pinned synapses stay as they are, in the table too, and pinned neurons grow none.
   *
   * @param least size from which a new synapse grows; default: any but 0
   */
  store(options?: { readonly least?: number; readonly trace?: Trace }): Change;
}

/**
 * Learns pairs of neurons that follow each other, by counting against chance: what comes is strengthened, and a few words
 * drawn at random are weakened. The outcome does not depend on the number of threads.
 *
 * @param contexts at most 65,536 neurons, each once
 * @param words at most 65,536 neurons, each once
 * @throws GraphError when a neuron does not exist or there are too many
 * @see Mikolov et al. 2013, arXiv:1310.4546 (negative sampling; here without its sigmoid)
 */
export function pairs(
  graph: NeuronGraph,
  contexts: readonly number[],
  words: readonly number[],
  { most = 65_536, relation = "co_occurs" }: PairsConfig = {},
): Pairs {
  checkCount("pairs", "most", most);
  const columns = placesOf(graph, words);
  const rows = placesOf(graph, contexts);
  const code = graph.relations.codeOf(relation);
  const table = pairTable({ contexts: rows.size, words: columns.size, pairs: most });
  const { weights } = table;
  const width = words.length;
  const inGraph = (visit: (cell: number, slot: number, from: number) => void): void => {
    for (const [row, from] of contexts.entries()) {
      const [start, end] = graph.records.block(from);
      const { words: records } = graph.records.synapseViews;
      for (let slot = start; slot < end; slot++) {
        const column = columns.get(records[slot * SYNAPSE_WORDS]!);
        const same = (records[slot * SYNAPSE_WORDS + 2]! & 0xffff) === code;
        if (column !== undefined && same) visit(row * width + column, slot, from);
      }
    }
  };
  const weightIn = (slot: number): number => graph.records.synapseViews.floats[slot * SYNAPSE_WORDS + 3]!;
  inGraph((cell, slot) => (weights[cell] = weightIn(slot)));
  return {
    weights,
    take(left, right) {
      if (left.length !== right.length || left.length > most) {
        const received = `${left.length} contexts and ${right.length} words`;
        throw new GraphError("pairs", `expected as many contexts as words, at most ${most}, received ${received}`);
      }
      for (const [places, all, name] of [[left, rows.size, "context"] as const, [right, width, "word"] as const]) {
        const wrong = Array.prototype.find.call(
          places,
          (place: number) => !(Number.isInteger(place) && place >= 0 && place < all),
        );
        if (wrong !== undefined)
          throw new GraphError("pairs", `expected the place of a ${name} below ${all}, received ${wrong}`);
      }
      table.contexts.set(left);
      table.words.set(right);
      table.take(left.length);
    },
    learn(rule) {
      for (const name of ["gain", "loss", "bound"] as const) checkRange("pairs", name, rule[name], 0, Infinity);
      checkCount("pairs", "negatives", rule.negatives, 0);
      table.learn(rule);
    },
    store({ least = Number.MIN_VALUE, trace } = {}) {
      let [changed, grown] = [0, 0];
      const met = new Set<number>();
      inGraph((cell, slot, from) => {
        met.add(cell);
        if (isPinned(graph, from, slot)) weights[cell] = weightIn(slot);
        else if (weightIn(slot) !== weights[cell]) {
          graph.records.setWeight(slot, weights[cell]!);
          changed++;
        }
      });
      for (const [row, from] of contexts.entries()) {
        for (let column = 0; column < width; column++) {
          const cell = row * width + column;
          if (met.has(cell) || !(Math.abs(weights[cell]!) >= least)) continue;
          grown += grow(graph, { from, to: words[column]!, relation: code }, weights[cell]!) ? 1 : 0;
        }
      }
      trace?.add({ kind: "learn", rule: "pairs", changed, grown });
      return { changed, grown };
    },
  };
}

const MOST = 65_536;

/** Places of neurons in a list. */
function placesOf(graph: NeuronGraph, neurons: readonly number[]): Map<number, number> {
  for (const neuron of neurons) graph.check("pairs", neuron);
  const places = new Map(neurons.map((neuron, place) => [neuron, place]));
  if (places.size < neurons.length || neurons.length > MOST)
    throw new GraphError("pairs", `expected at most ${MOST} neurons, each once, received ${neurons.length}`);
  return places;
}
