import type { Arena } from "../automaton/memory.ts";
import { edgeLength, edgesLength, writeEdges } from "../edges.ts";
import { copyRows } from "../automaton/weights.ts";
import type { Span } from "./parts.ts";
import { partsSeen } from "./program.ts";
import type { MeshShape, MeshWeights } from "./program.ts";

/** Lengths of the kernels' rows in elements: padded with zeros to a multiple of 4. */
export interface Widths {
  readonly channels: number;
  readonly seen: number;
  readonly hidden: number;
}

export function widthsOf(shape: MeshShape): Widths {
  const channels = padded(shape.channels);
  return { channels, seen: partsSeen(shape) * channels, hidden: padded(shape.hidden) };
}

const padded = (length: number): number => Math.ceil(length / 4) * 4;

// In assembly/mesh/tiles.ts: rows that are worked on together, and how far apart their lanes are. In assembly/mesh/plan.ts:
// cells that are listed at once.
const [ROWS, ROW, GROUP] = [5, 4160, 2048];
/** Most tiles that are worked on at once: they and usual weights fill the first-level cache. */
const TILES = 8;

/** Whether the kernels take rows as long as these. */
export const fits = ({ seen, hidden }: Widths): boolean => Math.max(seen, hidden) * 4 <= ROW;

/** Where a program's numbers stand. */
export interface Plan {
  /** Address of the plan itself. */
  readonly address: number;
  readonly weights: Places;
  readonly w1Transposed: number;
  readonly w2Transposed: number;
}

/** Addresses of weights, or of their gradients. */
interface Places {
  readonly w1: number;
  readonly b1: number;
  readonly w2: number;
  readonly b2: number;
}

/** Elements of all weights. */
export const weightsLength = ({ seen, hidden, channels }: Widths): number =>
  (seen + 1) * hidden + (hidden + 1) * channels;

/** Weights that follow each other from an address on. */
function placesFrom(start: number, { seen, hidden, channels }: Widths): Places {
  const b1 = start + seen * hidden * 4;
  const w2 = b1 + hidden * 4;
  return { w1: start, b1, w2, b2: w2 + hidden * channels * 4 };
}

/** Fields of `Plan` in assembly/mesh/plan.ts before those of the way back, and of those. */
const [FIELDS, BACKWARD_FIELDS] = [17, 6];

/** Takes memory for a program's lattice and weights, and writes the former there. */
export function layOut(shape: MeshShape, arena: Arena): Plan {
  const widths = widthsOf(shape);
  const { cells, copies, neighbours, activation, update } = shape;
  const { channels, seen, hidden } = widths;
  const address = arena.take((FIELDS + BACKWARD_FIELDS) * 4);
  const words = (values: ArrayLike<number> = []): number => {
    const at = arena.take(values.length * 4);
    arena.words.set(values, at / 4);
    return at;
  };
  const weights = placesFrom(zeroed(arena, weightsLength(widths)), widths);
  const zeros = zeroed(arena, Math.max(seen, hidden));
  const w1Transposed = arena.take(seen * hidden * 4);
  const w2Transposed = arena.take(hidden * channels * 4);
  const places = words(neighbours.map((seen) => (seen < 0 ? -1 : seen * channels * 4)));
  const { w1, b1, w2, b2 } = weights;
  const tiles = Math.min(TILES, Math.floor(ROW / 4 / Math.max(seen, hidden)));
  const sizes = [cells, copies, channels * 4, seen * 4, hidden * 4, tiles];
  const overwrites = update === "tanh";
  const scale = bitsOf(overwrites ? 1 : update.scale);
  const kinds = [activation === "tanh" ? 1 : 0, overwrites ? 1 : 0, scale];
  const edges = arena.take(edgesLength(shape) * 4);
  writeEdges(shape, arena, edges, channels * 4);
  arena.words.set([...sizes, ...kinds, places, edges, edgeLength(shape) * 4, w1, b1, w2, b2, zeros], address / 4);
  return { address, weights, w1Transposed, w2Transposed };
}

/** Writes the fields of a plan that only the way back needs. */
export function writeBackward(
  arena: Arena,
  { address, w1Transposed, w2Transposed }: Plan,
  rest: readonly [viewers: number, places: number, factors: number, seenGradient: number],
): void {
  arena.words.set([w1Transposed, w2Transposed, ...rest], address / 4 + FIELDS);
}

/** Room for so many elements, all 0. */
export function zeroed(arena: Arena, length: number): number {
  const at = arena.take(length * 4);
  arena.floats.fill(0, at / 4, at / 4 + length);
  return at;
}

/** Room for these elements. */
export function floats(arena: Arena, values: Float32Array = new Float32Array(0)): number {
  const at = arena.take(values.byteLength);
  arena.floats.set(values, at / 4);
  return at;
}

const bitsOf = (value: number): number => new Int32Array(Float32Array.of(value).buffer)[0]!;

/** Memory in which one thread works on a part. */
export type Desk = readonly number[];

/** Takes memory for a thread. */
export function layOutDesk(arena: Arena): Desk {
  // the kernel writes a cell before it knows whether the next one fires
  return [arena.take((GROUP + 1) * 4), ...[0, 1, 2, 3].map(() => arena.take(ROWS * ROW))];
}

/** Writes where a part begins and ends, where its gradients of the weights stand, and where it is worked on. */
export function writePart(arena: Arena, { first, last }: Span, gradients: number, desk: Desk): number {
  const address = arena.take((3 + desk.length) * 4);
  arena.words.set([first, last, gradients, ...desk], address / 4);
  return address;
}

/** Copies weights into the kernels' memory; the padding there stays 0. */
export function writeWeights(shape: MeshShape, weights: MeshWeights, arena: Arena, plan: Plan): void {
  for (const { name, from, width, to, toWidth, rows } of matrices(shape, plan.weights)) {
    copyRows(weights[name], from, width, arena.floats, to, toWidth, rows);
  }
  const { seen, hidden, channels } = widthsOf(shape);
  transpose(arena.floats, plan.weights.w1 / 4, seen, hidden, plan.w1Transposed / 4);
  transpose(arena.floats, plan.weights.w2 / 4, hidden, channels, plan.w2Transposed / 4);
}

function transpose(memory: Float32Array, from: number, rows: number, columns: number, to: number): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      memory[to + column * rows + row] = memory[from + row * columns + column]!;
    }
  }
}

/** Copies gradients of weights out of an array that is laid out like the kernels' weights. */
export function readGradients(shape: MeshShape, memory: Float32Array): MeshWeights {
  const { channels, hidden } = shape;
  const gradients: MeshWeights = {
    w1: new Float32Array(partsSeen(shape) * channels * hidden),
    b1: new Float32Array(hidden),
    w2: new Float32Array(hidden * channels),
    b2: new Float32Array(channels),
  };
  for (const { name, from, width, to, toWidth, rows } of matrices(shape, placesFrom(0, widthsOf(shape)))) {
    copyRows(memory, to, toWidth, gradients[name], from, width, rows);
  }
  return gradients;
}

/** Where each matrix of the weights stands: in its own array, and in the kernels' memory. */
function* matrices(
  shape: MeshShape,
  { w1, b1, w2, b2 }: Places,
): Generator<{ name: keyof MeshWeights; from: number; width: number; to: number; toWidth: number; rows: number }> {
  const { channels, hidden } = shape;
  const widths = widthsOf(shape);
  // what a cell sees is padded state by state
  for (let part = 0; part < partsSeen(shape); part++) {
    const to = w1 / 4 + part * widths.channels * widths.hidden;
    yield { name: "w1", from: part * channels * hidden, width: hidden, to, toWidth: widths.hidden, rows: channels };
  }
  yield { name: "b1", from: 0, width: hidden, to: b1 / 4, toWidth: widths.hidden, rows: 1 };
  yield { name: "w2", from: 0, width: channels, to: w2 / 4, toWidth: widths.channels, rows: hidden };
  yield { name: "b2", from: 0, width: channels, to: b2 / 4, toWidth: widths.channels, rows: 1 };
}
