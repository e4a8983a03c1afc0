import { ConfigError } from "@ganglion/tensor";
import { checkCount } from "../check.ts";
import type { Edges, Lattice } from "./lattice.ts";

/** Settings of a graph. */
export interface GraphConfig {
  /** Number of cells, at least 1. */
  readonly cells: number;
  /** Who sees whom: pairs of a cell and one that it sees, `[edges, 2]`; an edge that goes both ways is two. */
  readonly edges: Int32Array;
  /** `sum` of the seen cells, their `mean`, or weights `[edges, sums]` of as many sums. Default `sum`. */
  readonly weights?: "sum" | "mean" | Float32Array;
}

/**
 * Cells on any graph: each sees itself, and weighted sums of the cells at its edges.
 *
 * @throws ConfigError when `cells` is not a count, an edge leads to no cell, or the weights are not finite or do not fit
 * @see Pajouheshgar et al. 2024, arXiv:2311.02820
 */
export function graph({ cells, edges, weights = "sum" }: GraphConfig): Lattice {
  checkCount("graph", "cells", cells);
  checkEdges("graph", edges, cells);
  const offsets = offsetsOf(edges, cells);
  const all = weights instanceof Float32Array ? weights : evenly(edges, offsets, weights);
  const grouped = group(edges, all, sumsOf(all, edges.length / 2), offsets);
  return {
    kind: "graph",
    cells,
    neighbourhood: 1 + grouped.sums,
    neighbours: Int32Array.from({ length: cells }, (_, cell) => cell),
    edges: grouped,
  };
}

/** Throws a ConfigError unless edges are pairs of cells. */
export function checkEdges(operation: string, edges: Int32Array, cells: number): void {
  if (edges.length % 2 !== 0) {
    throw new ConfigError(
      operation,
      `expected edges as pairs, received ${edges.length} numbers. Give each edge as a cell and one that it sees?`,
    );
  }
  const wrong = edges.findIndex((cell) => cell < 0 || cell >= cells);
  if (wrong < 0) return;
  throw new ConfigError(
    operation,
    `expected edges between cells 0 to ${cells - 1}, received ${edges[wrong]} in edge ${wrong >> 1}. Count cells from 0?`,
  );
}

/** Where each cell's edges begin. */
function offsetsOf(edges: Int32Array, cells: number): Int32Array {
  const offsets = new Int32Array(cells + 1);
  for (let i = 0; i < edges.length; i += 2) offsets[edges[i]! + 1]!++;
  for (let cell = 0; cell < cells; cell++) offsets[cell + 1]! += offsets[cell]!;
  return offsets;
}

/** One weight for each edge: 1, or one over the number of its cell's edges. */
function evenly(edges: Int32Array, offsets: Int32Array, kind: "sum" | "mean"): Float32Array {
  const weights = new Float32Array(edges.length / 2).fill(1);
  if (kind === "sum") return weights;
  return weights.map((_, edge) => 1 / (offsets[edges[2 * edge]! + 1]! - offsets[edges[2 * edge]!]!));
}

function sumsOf(weights: Float32Array, edges: number): number {
  const sums = edges === 0 ? 1 : weights.length / edges;
  if (Number.isInteger(sums) && sums > 0 && weights.length === sums * edges && weights.every(Number.isFinite)) {
    return sums;
  }
  throw new ConfigError(
    "graph",
    `expected finite weights [${edges}, sums], received ${weights.length} numbers. Give every edge as many weights as there are sums?`,
  );
}

/** Edges cell by cell, those of a cell in the order in which they were given. */
function group(edges: Int32Array, weights: Float32Array, sums: number, offsets: Int32Array): Edges {
  const next = offsets.slice();
  const sources = new Int32Array(edges.length / 2);
  const grouped = new Float32Array(sources.length * sums);
  for (let edge = 0; edge < sources.length; edge++) {
    const at = next[edges[2 * edge]!]!++;
    sources[at] = edges[2 * edge + 1]!;
    for (let sum = 0; sum < sums; sum++) grouped[at * sums + sum] = weights[edge * sums + sum]!;
  }
  return { sums, offsets, sources, weights: grouped };
}
