import type { NeuronGraph } from "../store/graph.ts";

/** Memory that the spreads of one graph share. All sums are 0 between uses, so a spread costs what it touches. */
export interface Scratch {
  /** `[>= rows]`. */
  readonly sums: Float64Array;
  /** Rows whose sum may differ from 0, some of them twice. */
  touched: Uint32Array<ArrayBuffer>;
  count: number;
}

const scratches = new WeakMap<NeuronGraph, Scratch>();

/** The scratch memory of a graph. */
export function scratchOf(graph: NeuronGraph): Scratch {
  const { rows } = graph;
  const known = scratches.get(graph);
  if (known !== undefined && known.sums.length >= rows) return known;
  const length = Math.max(rows, 2 * (known?.sums.length ?? 0));
  const scratch = { sums: new Float64Array(length), touched: new Uint32Array(length), count: 0 };
  scratches.set(graph, scratch);
  return scratch;
}

/** Room for so many more touched rows. */
export function reserveTouched(scratch: Scratch, more: number): Uint32Array {
  const needed = scratch.count + more;
  if (needed > scratch.touched.length) {
    const larger = new Uint32Array(Math.max(needed, 2 * scratch.touched.length));
    larger.set(scratch.touched);
    scratch.touched = larger;
  }
  return scratch.touched;
}
