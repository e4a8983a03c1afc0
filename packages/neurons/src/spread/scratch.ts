import type { NeuronGraph } from "../store/graph.ts";

/** Sums over all rows that are cleared by raising a stamp, so that a spread costs what it touches. */
export class Scratch {
  sums: Float64Array<ArrayBuffer> = new Float64Array(0);
  #stamps = new Uint32Array(0);
  #epoch = 0;
  touched: Uint32Array<ArrayBuffer> = new Uint32Array(0);
  count = 0;

  /** Begins with all sums at 0. */
  begin(rows: number): void {
    if (rows > this.sums.length) {
      const length = Math.max(rows, 2 * this.sums.length);
      this.sums = new Float64Array(length);
      this.#stamps = new Uint32Array(length);
      this.touched = new Uint32Array(length);
      this.#epoch = 0;
    }
    if (this.#epoch === 0xffff_ffff) {
      this.#stamps.fill(0);
      this.#epoch = 0;
    }
    this.#epoch++;
    this.count = 0;
  }

  /** Adds to a row's sum. */
  add(row: number, value: number): void {
    if (this.#stamps[row] === this.#epoch) this.sums[row]! += value;
    else {
      this.#stamps[row] = this.#epoch;
      this.sums[row] = value;
      this.touched[this.count++] = row;
    }
  }

  /** Sum of a row. */
  of(row: number): number {
    return this.#stamps[row] === this.#epoch ? this.sums[row]! : 0;
  }
}

const scratches = new WeakMap<NeuronGraph, Scratch>();

/** The scratch memory of a graph. */
export function scratchOf(graph: NeuronGraph): Scratch {
  let scratch = scratches.get(graph);
  if (scratch === undefined) {
    scratch = new Scratch();
    scratches.set(graph, scratch);
  }
  return scratch;
}
