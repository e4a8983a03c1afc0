import type { NeuronGraph } from "../store/graph.ts";

/** A layout of one graph, and whether it is worth its while. */
interface Kept<Table> {
  /** Version of the graph that it is about. */
  version: number;
  /** Synapses that would have been cheaper with it since that version. */
  missed: number;
  table: Table | undefined;
  /** Whether the table holds that version; an absent one then means that the kernels cannot add it up. */
  fresh: boolean;
}

/** Layouts that spreads of one graph share. */
export class Layouts<Table> {
  readonly #kept = new WeakMap<NeuronGraph, Kept<Table>>();
  readonly #lay: (graph: NeuronGraph, before: Table | undefined) => Table | undefined;
  readonly #patience: number;

  /**
   * @param lay makes a table of a graph as it is now, perhaps in the memory of the one before, or nothing where the kernels cannot add it up
   * @param patience synapses that must have been missed since the last change for each synapse that is laid out
   */
  constructor(lay: (graph: NeuronGraph, before: Table | undefined) => Table | undefined, patience: number) {
    this.#lay = lay;
    this.#patience = patience;
  }

  /** The table of a graph as it is now, if there is one. */
  now(graph: NeuronGraph): Table | undefined {
    const kept = this.#kept.get(graph);
    return kept?.fresh && kept.version === graph.version ? kept.table : undefined;
  }

  /**
   * The table of a graph as it is now; nothing as long as it changes too often: it is laid out when what was missed since the
   * last change is as much as that takes.
   *
   * @param ahead synapses that a step will look at
   * @param forced whether it is laid out at once
   */
  of(graph: NeuronGraph, ahead: number, forced: boolean): Table | undefined {
    const { version, synapses } = graph;
    let kept = this.#kept.get(graph);
    if (kept === undefined) {
      kept = { version, missed: 0, table: undefined, fresh: false };
      this.#kept.set(graph, kept);
    }
    if (kept.version !== version) Object.assign(kept, { version, missed: 0, fresh: false });
    if (kept.fresh) return kept.table;
    kept.missed += ahead;
    if (!forced && kept.missed < this.#patience * synapses) return undefined;
    kept.table = this.#lay(graph, kept.table);
    kept.fresh = true;
    return kept.table;
  }
}
