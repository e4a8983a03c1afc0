import { bernoulli, directions } from "@ganglion/nca";
import { key } from "@ganglion/tensor";
import { fileOf } from "./arrays.ts";
import type { Shaped } from "./arrays.ts";
import { numbers } from "./numbers.ts";

/** A rule for rings and graphs: what a cell sees, 3 x 12 numbers, to 48 neurons, to its 12 channels. */
export const CELLS = { channels: 12, hidden: 48, steps: 24, scale: 0.1 } as const;

/** First cells of a state, whose mean size all contenders must agree on after one step. */
export const SHOWN = 64;

/** Weights of the rule, and the state `[cells, 12]` that a step begins with. */
export const cellsData = (cells: number) => ({
  w1: numbers(3 * CELLS.channels * CELLS.hidden, 0.1, 23),
  b1: new Float32Array(CELLS.hidden),
  w2: numbers(CELLS.hidden * CELLS.channels, 0.1, 24),
  b2: new Float32Array(CELLS.channels),
  state: numbers(cells * CELLS.channels, 1, 25),
});

/** Cells around a circle: to each its neighbours `[cells, 2]`, and in which direction they lie `[cells, 2, 2]`. */
export function circle(cells: number): { readonly near: Int32Array; readonly toward: Float32Array } {
  const near = Int32Array.from({ length: 2 * cells }, (_, i) => ((i >> 1) + [-1, 1][i % 2]! + cells) % cells);
  const edges = Int32Array.from({ length: 4 * cells }, (_, i) => (i % 2 === 0 ? i >> 2 : near[i >> 1]!));
  const places = Float32Array.from({ length: 2 * cells }, (_, i) => {
    const angle = ((i >> 1) / cells) * 2 * Math.PI;
    // so far apart that neighbours do not fall into one place of float32
    return cells * (i % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
  });
  return { near, toward: directions(places, 2, edges) };
}

/** One step for peers: who fires, and what a graph has besides. */
export function cellsFile(kind: "ring" | "mesh", cells: number, share: number): string {
  const { channels, hidden } = CELLS;
  const { w1, b1, w2, b2, state } = cellsData(cells);
  const { near, toward } = circle(cells);
  const mask = bernoulli(share).fired({ step: 0, batch: 1, cells, key: key(1) });
  const shared: Record<string, Shaped> = {
    w1: { data: w1, shape: [3 * channels, hidden] },
    b1: { data: b1, shape: [hidden] },
    w2: { data: w2, shape: [hidden, channels] },
    b2: { data: b2, shape: [channels] },
    state: { data: state, shape: [cells, channels] },
    mask: { data: mask, shape: [cells] },
  };
  const edges = { near: { data: near, shape: [cells, 2] }, toward: { data: toward, shape: [cells, 2, 2] } };
  return fileOf(kind === "ring" ? shared : { ...shared, ...edges });
}

/** Mean size of the first cells of a state. */
export function meanSize(state: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < SHOWN * CELLS.channels; i++) sum += Math.abs(state[i]!);
  return sum / (SHOWN * CELLS.channels);
}
