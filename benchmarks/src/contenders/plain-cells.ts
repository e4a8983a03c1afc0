import { contender } from "../measure/race.ts";
import type { Contender } from "../measure/race.ts";
import { readArrays } from "../work/arrays.ts";
import { CELLS, meanSize } from "../work/cells.ts";
import { multiply } from "./plain-loops.ts";

/** Fired cells that are worked on together, so that what they see stays in the cache. */
const BLOCK = 64;
const { channels, hidden, scale } = CELLS;
const SEEN = 3 * channels;

/** What is in a file of `work/cells.ts`. */
export interface CellArrays {
  readonly w1: Float32Array;
  readonly b1: Float32Array;
  readonly w2: Float32Array;
  readonly b2: Float32Array;
  readonly state: Float32Array;
  readonly mask: Uint8Array;
  /** Of a graph only. */
  readonly near: Int32Array | undefined;
  readonly toward: Float32Array | undefined;
}

/** Reads such a file. */
export function readCells(path: string): CellArrays {
  const arrays = readArrays(path);
  return Object.fromEntries(Object.entries(arrays).map(([name, { data }]) => [name, data])) as unknown as CellArrays;
}

/** One step of the cells in a file of `work/cells.ts`: of a graph if it has neighbours, else of a ring. */
export function plainCells(name: string, path: string): Contender {
  const { w1, b1, w2, b2, state, mask, near, toward } = readCells(path);
  const cells = mask.length;
  const after = new Float32Array(state.length);
  const seen = new Float32Array(BLOCK * SEEN);
  const neurons = new Float32Array(BLOCK * hidden);
  const output = new Float32Array(BLOCK * channels);
  const who = new Int32Array(BLOCK);
  const look = near === undefined ? lookAround : lookAlongEdges(near, toward!);
  const think = (count: number): void => {
    multiply(count, hidden, SEEN, seen, w1, neurons);
    for (let f = 0; f < count; f++) {
      for (let j = 0; j < hidden; j++) neurons[f * hidden + j] = Math.max(0, neurons[f * hidden + j]! + b1[j]!);
    }
    multiply(count, channels, hidden, neurons, w2, output);
    for (let f = 0; f < count; f++) {
      const at = who[f]! * channels;
      for (let j = 0; j < channels; j++) {
        const said = output[f * channels + j]! + b2[j]!;
        after[at + j] = near === undefined ? Math.tanh(said) : state[at + j]! + scale * said;
      }
    }
  };
  return contender(name, () => {
    after.set(state);
    let count = 0;
    for (let cell = 0; cell < cells; cell++) {
      if (mask[cell] === 0) continue;
      look(state, cell, cells, seen, count * SEEN);
      who[count++] = cell;
      if (count < BLOCK) continue;
      think(count);
      count = 0;
    }
    think(count);
    return meanSize(after);
  });
}

type Look = (state: Float32Array, cell: number, cells: number, seen: Float32Array, at: number) => void;

/** Left, itself, right. */
const lookAround: Look = (state, cell, cells, seen, at) => {
  const left = (cell === 0 ? cells - 1 : cell - 1) * channels;
  const right = (cell === cells - 1 ? 0 : cell + 1) * channels;
  for (let j = 0; j < channels; j++) {
    seen[at + j] = state[left + j]!;
    seen[at + channels + j] = state[cell * channels + j]!;
    seen[at + 2 * channels + j] = state[right + j]!;
  }
};

/** Itself, and the sums over its two edges, weighted by each axis of their directions. */
function lookAlongEdges(near: Int32Array, toward: Float32Array): Look {
  return (state, cell, _cells, seen, at) => {
    const [x, y] = [near[2 * cell]! * channels, near[2 * cell + 1]! * channels];
    const [x0, x1] = [toward[4 * cell]!, toward[4 * cell + 1]!];
    const [y0, y1] = [toward[4 * cell + 2]!, toward[4 * cell + 3]!];
    for (let j = 0; j < channels; j++) {
      const [a, b] = [state[x + j]!, state[y + j]!];
      seen[at + j] = state[cell * channels + j]!;
      seen[at + channels + j] = x0 * a + y0 * b;
      seen[at + 2 * channels + j] = x1 * a + y1 * b;
    }
  };
}
