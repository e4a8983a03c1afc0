import type { Arena } from "./automaton/memory.ts";
import type { MeshEdges } from "./mesh/program.ts";

/** Cells with edges between them, if any. */
interface Graph {
  readonly cells: number;
  readonly edges?: MeshEdges | undefined;
}

/** Words of an edge in the kernels' memory: the cell that it shows, and its weights. */
export const edgeLength = ({ edges }: Graph): number => 1 + (edges?.sums ?? 0);

/** Words of all edges there: where each cell's begin, and the edges. */
export function edgesLength({ cells, edges }: Graph): number {
  return edges === undefined ? 0 : cells + 1 + edges.sources.length * edgeLength({ cells, edges });
}

/**
 * Writes the edges of a lattice at an address: where those of each cell begin `[cells + 1]`, then the edges, each the place
 * of the cell that it shows, in bytes from the first cell of its lattice, and its weight in each of the sums.
 */
export function writeEdges({ cells, edges }: Graph, arena: Arena, address: number, cellBytes: number): void {
  if (edges === undefined) return;
  const { offsets, sources, sums, weights } = edges;
  const { words, floats } = arena;
  const length = edgeLength({ cells, edges });
  const starts = address / 4;
  const first = starts + cells + 1;
  for (let cell = 0; cell <= cells; cell++) words[starts + cell] = (first + offsets[cell]! * length) * 4;
  for (let edge = 0; edge < sources.length; edge++) {
    const at = first + edge * length;
    words[at] = sources[edge]! * cellBytes;
    for (let sum = 0; sum < sums; sum++) floats[at + 1 + sum] = weights[edge * sums + sum]!;
  }
}
