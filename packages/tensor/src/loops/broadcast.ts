import type { Shape } from "../shape.ts";
import { broadcastStrides } from "../shape.ts";

/**
 * How to walk several operands in step: an inner loop of `length` elements with a fixed step per operand, started at
 * `count` places. Neighbouring axes that every operand walks evenly are merged into one.
 */
export interface Walk {
  readonly length: number;
  readonly count: number;
  /** Inner step of each operand: 0 where it is broadcast. */
  readonly steps: readonly number[];
  /** Calls `visit` with the start of each inner run: its place in the output and in each of the first three operands. */
  readonly forEach: (visit: (out: number, a: number, b: number, c: number) => void) => void;
}

/** Plans a walk over `shape` for operands of shapes that broadcast to it. */
export function plan(shape: Shape, operands: readonly Shape[]): Walk {
  return planStrides(
    shape,
    operands.map((operand) => broadcastStrides(operand, shape)),
  );
}

/** Plans a walk over `shape` for operands with the given strides. */
export function planStrides(shape: Shape, operands: readonly (readonly number[])[]): Walk {
  const lengths: number[] = [];
  const strides: number[][] = operands.map(() => []);
  shape.forEach((length, axis) => {
    if (length === 1) return;
    const last = lengths.length - 1;
    const even = last >= 0 && operands.every((own, index) => strides[index]![last] === own[axis]! * length);
    if (even) {
      lengths[last]! *= length;
      operands.forEach((own, index) => (strides[index]![last] = own[axis]!));
    } else {
      lengths.push(length);
      operands.forEach((own, index) => strides[index]!.push(own[axis]!));
    }
  });
  const length = lengths.pop() ?? 1;
  const steps = strides.map((own) => own.pop() ?? 0);
  let count = 1;
  for (const outer of lengths) count *= outer;
  if (shape.includes(0)) count = 0;
  return { length, count, steps, forEach: (visit) => walk(lengths, strides, length, count, visit) };
}

function walk(
  lengths: readonly number[],
  strides: readonly (readonly number[])[],
  length: number,
  count: number,
  visit: (out: number, a: number, b: number, c: number) => void,
): void {
  const position = lengths.map(() => 0);
  const start = [0, 0, 0];
  for (let run = 0; run < count; run++) {
    visit(run * length, start[0]!, start[1]!, start[2]!);
    for (let axis = lengths.length - 1; axis >= 0; axis--) {
      position[axis]!++;
      strides.forEach((own, operand) => (start[operand]! += own[axis]!));
      if (position[axis]! < lengths[axis]!) break;
      strides.forEach((own, operand) => (start[operand]! -= own[axis]! * lengths[axis]!));
      position[axis] = 0;
    }
  }
}
