import { meshProgram } from "../../src/index.ts";
import type { MeshRun, MeshShape, MeshWeights } from "../../src/index.ts";
import { bits, fingerprint, sequence } from "./samples.ts";

/** Sizes of a random automaton. */
export interface MeshSizes {
  readonly cells: number;
  readonly channels: number;
  readonly hidden: number;
  readonly lattice: "strip" | "ring" | "graph" | "mixed";
  readonly activation: "relu" | "tanh";
  readonly update: MeshShape["update"];
  readonly seed: number;
}

/** A line of cells that see their neighbours, a graph of cells that see themselves and two sums, or both at once. */
export function meshOf({ cells, lattice, seed, ...rest }: MeshSizes): MeshShape {
  const next = sequence(seed + 1);
  const pick = (): number => Math.floor(((next() + 1) / 2) * cells);
  const outside = (place: number): number => (lattice === "ring" ? (place + cells) % cells : -1);
  const at = (place: number): number => (place < 0 || place >= cells ? outside(place) : place);
  const seen = Array.from({ length: cells }, (_, cell) =>
    lattice === "graph" ? [cell] : [at(cell - 1), cell, at(cell + 1)],
  );
  const neighbours = Int32Array.from(seen.flat());
  const shape = { ...rest, cells, neighbours, copies: lattice === "graph" ? 1 : 3 };
  if (lattice === "strip" || lattice === "ring") return shape;
  const sums = lattice === "graph" ? 2 : 1;
  const sources = seen.map(() => Array.from({ length: Math.floor(((next() + 1) / 2) * 5) }, pick));
  const offsets = new Int32Array(cells + 1);
  for (const [cell, edges] of sources.entries()) offsets[cell + 1] = offsets[cell]! + edges.length;
  const weights = new Float32Array(offsets[cells]! * sums).map(next);
  return { ...shape, edges: { sums, offsets, sources: Int32Array.from(sources.flat()), weights } };
}

/** Weights so large that states leave the linear part of tanh. */
export function meshWeightsOf({ copies, edges, channels, hidden }: MeshShape, seed: number): MeshWeights {
  const next = sequence(seed);
  const fill = (length: number, size: number): Float32Array => new Float32Array(length).map(() => next() * size);
  const seen = (copies + (edges?.sums ?? 0)) * channels;
  return {
    w1: fill(seen * hidden, 2 / Math.sqrt(seen)),
    b1: fill(hidden, 0.2),
    w2: fill(hidden * channels, 1 / Math.sqrt(hidden)),
    b2: fill(channels, 0.2),
  };
}

/** States, inputs and firing masks for so many lattices. */
export function meshRunOf(
  { cells, channels }: MeshShape,
  {
    batch,
    steps,
    rate,
    seed,
    inputs,
    keep,
  }: {
    readonly batch: number;
    readonly steps: number;
    readonly rate: number;
    readonly seed: number;
    readonly inputs: boolean;
    readonly keep: boolean;
  },
): MeshRun {
  const next = sequence(seed);
  const fill = (): Float32Array => new Float32Array(batch * cells * channels).map(next);
  return {
    batch,
    state: fill(),
    ...(inputs && { inputs: fill() }),
    masks: Array.from({ length: steps }, () =>
      new Uint8Array(batch * cells).map(() => ((next() + 1) / 2 < rate ? 1 : 0)),
    ),
    keep,
    tape: true,
  };
}

/** Hashes of the states and gradients of meshes, zeros without their sign. */
export function meshFingerprints(): Record<string, string> {
  const sizes = { cells: 150, channels: 12, hidden: 48, seed: 3 } as const;
  const run = { batch: 2, steps: 5, rate: 0.5, seed: 4, inputs: true, keep: true };
  const hash = (shape: MeshShape): string => {
    const program = meshProgram(shape);
    program.load(meshWeightsOf(shape, 5));
    const states = program.run(meshRunOf(shape, run));
    const results = [...states, ...Object.values(program.backward(states))] as Float32Array[];
    return fingerprint(Uint32Array.from(results.flatMap((values) => [...bits(values.map((x) => x + 0))])));
  };
  return {
    "mesh relu": hash(meshOf({ ...sizes, lattice: "graph", activation: "relu", update: { scale: 0.1 } })),
    "mesh tanh": hash(meshOf({ ...sizes, channels: 9, lattice: "mixed", activation: "tanh", update: "tanh" })),
  };
}
