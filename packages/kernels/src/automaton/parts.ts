import type { Widths } from "./layout.ts";
import { chunkStrips } from "./program.ts";
import type { AutomatonShape } from "./program.ts";

/** Some strips that are worked on at once. */
export interface Chunk {
  /** Place of the first cell in the flat batch. */
  readonly first: number;
  /** Number of cells. */
  readonly rows: number;
}

/** Most parts of a roll-out. */
const PARTS = 16;

/**
 * The parts of a roll-out, each a few chunks of strips: what threads share out among themselves. They depend on the batch
 * alone, and sums are taken part by part, so that the number of threads decides nothing.
 */
export function partsOf(shape: AutomatonShape, batch: number): readonly (readonly Chunk[])[] {
  const { cells } = shape;
  const strips = chunkStrips(shape);
  const chunks = Array.from({ length: Math.ceil(batch / strips) }, (_, index) => ({
    first: index * strips * cells,
    rows: Math.min(strips, batch - index * strips) * cells,
  }));
  const parts = Math.min(chunks.length, PARTS);
  const start = (part: number): number => Math.floor((part * chunks.length) / parts);
  return Array.from({ length: parts }, (_, part) => chunks.slice(start(part), start(part + 1)));
}

/** How many cells of a chunk a mask lets fire. */
export function countFired(mask: Uint8Array, { first, rows }: Chunk): number {
  let count = 0;
  for (let i = first; i < first + rows; i++) count += mask[i]!;
  return count;
}

/** About how many multiplications a roll-out takes, if as many cells fire in each step as may in the first. */
export function workOf(
  { seen, hidden, channels, scores }: Widths,
  { topK }: AutomatonShape,
  masks: readonly Uint8Array[],
): number {
  const [mask] = masks as [Uint8Array];
  const fired = countFired(mask, { first: 0, rows: mask.length }) * masks.length;
  return fired * (seen * scores + topK * hidden * (seen + channels));
}
