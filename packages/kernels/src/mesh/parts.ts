/** Most parts of a step. */
const PARTS = 16;
/** Cells that are worth a part of their own. */
const LEAST = 1024;

/** Some consecutive cells of the flat batch. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

/**
 * The parts of a step, which threads share out among themselves. They depend on the number of cells alone, and gradients are
 * added up part by part, so that the number of threads decides nothing.
 */
export function partsOf(rows: number): readonly Span[] {
  const parts = Math.max(1, Math.min(PARTS, Math.floor(rows / LEAST)));
  const start = (part: number): number => Math.floor((part * rows) / parts);
  return Array.from({ length: parts }, (_, part) => ({ first: start(part), last: start(part + 1) }));
}
