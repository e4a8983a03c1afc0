import { Step } from "./plan";
import { ROW, enter } from "./tiles";

/** A part of what a cell sees, in bytes. */
@unmanaged
export class Span {
  from: usize;
  end: usize;
}

/** What `enterFive` has entered. */
export const entered = changetype<Span>(memory.data(offsetof<Span>(), 16));

/** What a fired cell sees within its lattice; `reach` has that of all rows. */
@inline export function spanOf(step: Step, reach: usize, f: usize): Span {
  return changetype<Span>(reach + (<usize>load<i32>(step.place + (f << 2)) << 3));
}

/**
 * Copies what five fired cells saw into a block, without what lies, for all of them, beyond the ends of their lattices: the
 * products of these zeros leave every sum as it is, except -0, which nothing that comes of it can tell from 0.
 */
export function enterFive(
  step: Step, reach: usize, seenBytes: usize, block: usize, f0: usize, f1: usize, f2: usize, f3: usize, f4: usize,
): void {
  const s0 = spanOf(step, reach, f0);
  const s1 = spanOf(step, reach, f1);
  const s2 = spanOf(step, reach, f2);
  const s3 = spanOf(step, reach, f3);
  const s4 = spanOf(step, reach, f4);
  const from = min(min(min(s0.from, s1.from), min(s2.from, s3.from)), s4.from);
  const end = max(max(max(s0.end, s1.end), max(s2.end, s3.end)), s4.end);
  entered.from = from;
  entered.end = end;
  const seen = step.seen + from;
  enter(seen + f0 * seenBytes, block, end - from);
  enter(seen + f1 * seenBytes, block + ROW, end - from);
  enter(seen + f2 * seenBytes, block + 2 * ROW, end - from);
  enter(seen + f3 * seenBytes, block + 3 * ROW, end - from);
  enter(seen + f4 * seenBytes, block + 4 * ROW, end - from);
}
