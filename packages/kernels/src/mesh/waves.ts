// In which order the steps of a large lattice are done, so that what one step leaves is still in the cache when the next
// one reads it.
//
// Cells are cut into groups at least as long as the lattice's reach, so that a group sees itself and the groups next to it.
// As soon as these have done a step, it can do the one after it: so many steps follow each other through the lattice, each a
// group behind the one before. A part of the lattice begins and ends with groups whose neighbours are other parts': with
// each step it does a group less on both sides, and leaves a gap between itself and the next part which widens step by step.
// When all parts are done, the gaps are filled. Two buffers are enough: whoever reads a state has done so before the state
// two steps later takes its place.
import { partsOf } from "./parts.ts";
import type { MeshShape } from "./program.ts";

/** One step of some consecutive cells. */
export interface Task {
  /** Index of the step among those that are taken together. */
  readonly step: number;
  readonly first: number;
  readonly last: number;
}

/** What is done at the same time: lists of tasks, each in its order. */
export type Phase = readonly (readonly Task[])[];

/** Steps that are taken together. */
export interface Waves {
  readonly steps: number;
  readonly phases: readonly Phase[];
}

/** Least cells of a group. */
const GROUP = 512;
/** Most bytes of the groups that are worked on by turns: they and weights stay in a usual second-level cache. */
const CACHE = 6e5;
/** Most steps that are taken together. */
const STEPS = 8;

/** How many steps of all cells can be taken together. */
export interface WavesConfig {
  readonly rows: number;
  /** How far away cells are seen (see `reachOf`); undefined where there are several lattices. */
  readonly reach: number | undefined;
  /** Bytes that a step reads and writes for a cell. */
  readonly bytes: number;
  /** At most so many. */
  readonly steps: number;
}

/** The order of steps: in any lattice a step at a time, or several in a large one whose cells see only those near to them. */
export function wavesOf({ rows, reach, bytes, steps: most }: WavesConfig): Waves {
  const parts = partsOf(rows);
  const group = Math.max(GROUP, reach ?? rows);
  const groups = Math.floor(rows / group);
  const steps = Math.min(most, STEPS, Math.floor(CACHE / (group * bytes)), Math.floor(groups / parts.length / 2));
  if (steps < 2) return { steps: 1, phases: [parts.map((part) => [{ step: 0, ...part }])] };
  const start = (index: number): number => Math.floor((index * rows) / groups);
  /** Some steps of a front, each a group behind the one before. */
  const front = (at: number, begin: number, end: number): Task[] =>
    Array.from({ length: end - begin }, (_, i) => {
      const step = begin + i;
      const place = (at - step + groups) % groups;
      return { step, first: start(place), last: start(place + 1) };
    });
  /** How many steps of the front so far behind a part's beginning are the part's own; the others are its gap's. */
  const own = (behind: number): number => Math.min(steps, Math.floor(behind / 2) + 1);
  const bounds = parts.map((_, part) => Math.floor((part * groups) / parts.length));
  const advance = bounds.map((bound, part) => {
    const length = (bounds[part + 1] ?? groups) - bound;
    return Array.from({ length }, (_, behind) => front(bound + behind, 0, own(behind))).flat();
  });
  const fill = bounds.map((bound) =>
    Array.from({ length: 2 * steps - 2 }, (_, behind) => front(bound + behind, own(behind), steps)).flat(),
  );
  return { steps, phases: [advance, fill] };
}

/** The largest distance between a cell and one that it sees, around the lattice where that is shorter. */
export function reachOf({ cells, copies, neighbours, edges }: MeshShape): number {
  let reach = 0;
  const see = (cell: number, seen: number): void => {
    const distance = Math.abs(cell - seen);
    reach = Math.max(reach, Math.min(distance, cells - distance));
  };
  for (let cell = 0; cell < cells; cell++) {
    for (let copy = 0; copy < copies; copy++) {
      const seen = neighbours[cell * copies + copy]!;
      if (seen >= 0) see(cell, seen);
    }
    if (edges === undefined) continue;
    for (let edge = edges.offsets[cell]!; edge < edges.offsets[cell + 1]!; edge++) see(cell, edges.sources[edge]!);
  }
  return reach;
}
