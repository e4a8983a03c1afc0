import { edgeLength, edgesLength, writeEdges } from "../edges.ts";
import { chunkStrips, statesSeen } from "./program.ts";
import type { AutomatonShape } from "./program.ts";
import type { Arena } from "./memory.ts";
import { byReach, reachOf } from "./reach.ts";

/** Lengths of the kernels' rows in elements: padded with zeros to a multiple of 8. */
export interface Widths {
  readonly channels: number;
  readonly seen: number;
  readonly hidden: number;
  readonly scores: number;
}

export function widthsOf(shape: AutomatonShape): Widths {
  const { channels, hidden, experts } = shape;
  return {
    channels: padded(channels),
    seen: statesSeen(shape) * padded(channels),
    hidden: padded(hidden),
    scores: padded(experts),
  };
}

const padded = (length: number): number => Math.ceil(length / 8) * 8;

/** Elements of one expert: w1, b1, w2, b2. */
export function expertLength({ seen, hidden, channels }: Widths): number {
  return (seen + 1) * hidden + (hidden + 1) * channels;
}

/** Elements of the router: weight and bias. */
export function routerLength({ seen, scores }: Widths): number {
  return (seen + 1) * scores;
}

// The fields of `Plan` in assembly/automaton/plan.ts, in their order.
const FIELDS = [
  "neighbourhood",
  "channelBytes",
  "seenBytes",
  "hiddenBytes",
  "scoreBytes",
  "experts",
  "topK",
  "first",
  "rows",
  "places",
  "reach",
  "turns",
  "cells",
  "edges",
  "edgeBytes",
  "view",
  "shown",
  "state",
  "inputs",
  "block",
  "hidden",
  "zeros",
  "routerWeight",
  "routerBias",
  "expert",
  "expertBytes",
  "transposed",
  "routerGradient",
  "expertGradient",
  "stateGradient",
  "inputsGradient",
  "viewGradient",
  "seenGradient",
  "scoreGradient",
  "gateGradient",
  "mixedGradient",
  "workSeen",
  "workOutput",
  "workSlope",
  "workNeurons",
  "workBytes",
  "lists",
  "listBytes",
] as const;

/** A plan by name. */
export type Plan = Readonly<Record<(typeof FIELDS)[number], number>>;

// In assembly/automaton/tiles.ts: rows of a block, and their distance.
export const ROWS = 5;
export const ROW = 4928;
/** Elements of the longest rows. */
const LONGEST = 1040;

/** Whether the kernels take rows as long as these. */
export function fits({ seen, hidden, scores }: Widths): boolean {
  return Math.max(seen, hidden, scores) <= LONGEST;
}

/** Rows of a block in assembly/automaton/expert.ts, and elements of a list of them. */
const BLOCK = 96;
const LIST = BLOCK + 5;

/** Elements of such a row: an odd number of cache lines, so that rows fall into different sets of the cache. */
function workWidth({ seen, hidden, channels }: Widths): number {
  const lines = Math.ceil((seen + channels + 2 * hidden) / 16);
  return 16 * (lines + 1 - (lines % 2));
}

/** Where a program's data lie in memory. */
export interface Layout {
  readonly plan: Plan;
  /** Address of the plan. */
  readonly address: number;
  /** Address of the rows in turns that put cells of one reach together [rows]. */
  readonly turns: number;
}

/** Takes memory for everything but steps, and writes the plan into it. */
export function layOut(shape: AutomatonShape, arena: Arena): Layout {
  const widths = widthsOf(shape);
  const { channels, seen, hidden, scores } = widths;
  const { experts, topK, neighbourhood, cells } = shape;
  const rows = chunkStrips(shape) * cells;
  const floats = (length: number): number => arena.take(length * 4);
  const address = arena.take(FIELDS.length * 4);
  const workBytes = workWidth(widths) * 4;
  const work = arena.take(BLOCK * workBytes);
  const view = floats((rows + 1) * channels);
  const router = floats(routerLength(widths));
  const routerGradient = floats(routerLength(widths));
  const plan: Plan = {
    neighbourhood,
    channelBytes: channels * 4,
    seenBytes: seen * 4,
    hiddenBytes: hidden * 4,
    scoreBytes: scores * 4,
    experts,
    topK,
    first: 0,
    rows,
    places: floats(rows * neighbourhood),
    reach: floats(rows * 2),
    turns: 0,
    cells,
    edges: floats(edgesLength(shape)),
    edgeBytes: edgeLength(shape) * 4,
    view,
    shown: view,
    state: floats(rows * channels),
    inputs: floats(rows * channels),
    block: arena.take(ROWS * ROW),
    hidden: arena.take(ROWS * ROW),
    zeros: floats(Math.max(seen, hidden)),
    routerWeight: router,
    routerBias: router + seen * scores * 4,
    expert: floats(experts * expertLength(widths)),
    expertBytes: expertLength(widths) * 4,
    transposed: floats(experts * expertLength(widths) + routerLength(widths)),
    routerGradient,
    expertGradient: floats(experts * expertLength(widths)),
    stateGradient: floats(rows * channels),
    inputsGradient: floats(rows * channels),
    viewGradient: floats((rows + 1) * channels),
    seenGradient: floats(rows * seen),
    scoreGradient: floats(rows * scores),
    gateGradient: floats(rows * topK),
    mixedGradient: floats(rows * channels),
    workSeen: work,
    workOutput: work + seen * 4,
    workSlope: work + (seen + channels) * 4,
    workNeurons: work + (seen + channels + hidden) * 4,
    workBytes,
    lists: floats(hidden * LIST),
    listBytes: LIST * 4,
  };
  writePlan(arena, address, plan);
  writePlaces(arena, shape, plan, rows);
  writeEdges(shape, arena, plan.edges, plan.channelBytes);
  const turns = floats(rows);
  writeReach(arena, shape, { ...plan, turns });
  return { plan, address, turns };
}

export function writePlan(arena: Arena, address: number, plan: Plan): void {
  arena.words.set(
    FIELDS.map((field) => plan[field]),
    address / 4,
  );
}

/** Where each cell of a chunk finds the cells that it sees. */
function writePlaces(
  arena: Arena,
  { cells, neighbourhood, neighbours }: AutomatonShape,
  plan: Plan,
  rows: number,
): void {
  for (let row = 0; row < rows; row++) {
    const cell = row % cells;
    for (let n = 0; n < neighbourhood; n++) {
      const neighbour = neighbours[cell * neighbourhood + n]!;
      const seen = neighbour < 0 ? rows : row - cell + neighbour;
      arena.words[plan.places / 4 + row * neighbourhood + n] = plan.view + seen * plan.channelBytes;
    }
  }
}

/** How far each cell of a chunk sees, and in which turns it fires together with its like. */
export function writeReach(
  arena: Arena,
  shape: AutomatonShape,
  { reach, turns, rows, channelBytes }: Pick<Plan, "reach" | "turns" | "rows" | "channelBytes">,
): void {
  const parts = reachOf(shape);
  const bytes = parts.map((part) => part * channelBytes);
  for (let at = 0; at < rows * 2; at += bytes.length) arena.words.set(bytes, reach / 4 + at);
  arena.words.set(byReach(parts, rows / shape.cells), turns / 4);
}

/** Addresses of the fields of a `Step` in assembly/automaton/plan.ts, and of the step itself. */
export interface StepRecord {
  readonly address: number;
  readonly load: number;
  readonly chosen: number;
  readonly gate: number;
}

/** Sizes of which the memory of a step is made. */
export type StepSizes = Pick<Plan, "seenBytes" | "scoreBytes" | "hiddenBytes" | "channelBytes" | "topK" | "experts">;

/** Takes memory for one step of so many fired cells. */
export function layOutStep(arena: Arena, plan: StepSizes, fired: number): StepRecord {
  const { seenBytes, scoreBytes, hiddenBytes, channelBytes, topK, experts } = plan;
  const address = arena.take(10 * 4);
  // one more place: the kernel writes before it knows whether the next cell fires
  const place = arena.take((fired + 1) * 4);
  const seen = arena.take(fired * seenBytes);
  const score = arena.take(fired * scoreBytes);
  const chosen = arena.take(fired * topK * 4);
  const gate = arena.take(fired * topK * 4);
  const order = arena.take(fired * topK * 4);
  const load = arena.take(experts * 4);
  const hidden = arena.take(fired * topK * hiddenBytes);
  const mixed = arena.take(fired * channelBytes);
  arena.words.set([fired, place, seen, score, chosen, gate, order, load, hidden, mixed], address / 4);
  return { address, load, chosen, gate };
}
