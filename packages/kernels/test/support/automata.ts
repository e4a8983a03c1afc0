import type { AutomatonRun, AutomatonShape, MeshEdges, MixtureWeights } from "../../src/index.ts";
import { sequence } from "./samples.ts";

/** Sizes of a random automaton. */
export interface Sizes {
  readonly cells: number;
  readonly channels: number;
  readonly hidden: number;
  readonly experts: number;
  readonly topK: number;
  readonly lattice: "strip" | "ring" | "any" | "graph" | "mixed";
  readonly seed: number;
}

/**
 * A line of cells that see their neighbours, cells that see four others anywhere, a graph of cells that see themselves and
 * two sums, or a line with a sum.
 */
export function shapeOf({ cells, lattice, seed, ...rest }: Sizes): AutomatonShape {
  const next = sequence(seed + 1);
  const outside = (place: number): number => (lattice === "ring" ? (place + cells) % cells : -1);
  const at = (place: number): number => (place < 0 || place >= cells ? outside(place) : place);
  const seen = Array.from({ length: cells }, (_, cell) =>
    lattice === "graph"
      ? [cell]
      : lattice === "any"
        ? [0, 1, 2, 3].map(() => Math.floor(((next() + 1) / 2) * (cells + 1)) - 1)
        : [at(cell - 1), cell, at(cell + 1)],
  );
  const { channels, hidden, experts, topK } = rest;
  const neighbours = Int32Array.from(seen.flat());
  const shape = { cells, neighbourhood: seen[0]!.length, neighbours, channels, hidden, experts, topK };
  return lattice === "graph" || lattice === "mixed" ? { ...shape, edges: edgesOf(cells, lattice, next) } : shape;
}

/** Up to four edges for each cell, with weights for as many sums as the lattice has. */
function edgesOf(cells: number, lattice: "graph" | "mixed", next: () => number): MeshEdges {
  const upTo = (count: number): number => Math.floor(((next() + 1) / 2) * count);
  const sums = lattice === "graph" ? 2 : 1;
  const sources = Array.from({ length: cells }, () => Array.from({ length: upTo(5) }, () => upTo(cells)));
  const offsets = new Int32Array(cells + 1);
  for (const [cell, edges] of sources.entries()) offsets[cell + 1] = offsets[cell]! + edges.length;
  const weights = new Float32Array(offsets[cells]! * sums).map(next);
  return { sums, offsets, sources: Int32Array.from(sources.flat()), weights };
}

/** Weights so large that routers are decided and states leave the linear part of tanh. */
export function weightsOf(shape: AutomatonShape, seed: number): MixtureWeights {
  const { neighbourhood, edges, channels, hidden, experts } = shape;
  const next = sequence(seed);
  const fill = (length: number, size: number): Float32Array => new Float32Array(length).map(() => next() * size);
  const seen = (neighbourhood + (edges?.sums ?? 0)) * channels;
  return {
    routerWeight: fill(seen * experts, 0.5),
    routerBias: fill(experts, 0.3),
    w1: fill(experts * seen * hidden, 2 / Math.sqrt(seen)),
    b1: fill(experts * hidden, 0.2),
    w2: fill(experts * hidden * channels, 2 / Math.sqrt(hidden)),
    b2: fill(experts * channels, 0.2),
  };
}

/** States, inputs and firing masks for so many strips. */
export function runOf(
  { cells, channels }: AutomatonShape,
  {
    batch,
    steps,
    rate,
    seed,
  }: { readonly batch: number; readonly steps: number; readonly rate: number; readonly seed: number },
): Required<AutomatonRun> & { readonly inputs: Float32Array } {
  const next = sequence(seed);
  return {
    batch,
    state: new Float32Array(batch * cells * channels).map(next),
    inputs: new Float32Array(batch * cells * channels).map(next),
    masks: Array.from({ length: steps }, () =>
      new Uint8Array(batch * cells).map(() => ((next() + 1) / 2 < rate ? 1 : 0)),
    ),
    keep: true,
    lend: false,
    choices: true,
    losses: true,
    tape: true,
  };
}
