import type { Shape } from "../shape.ts";
import { broadcastStrides } from "../shape.ts";

/**
 * How to walk several operands in step: an inner loop of `length` elements with a fixed step per operand, started at
 * `count` places. Neighbouring axes that every operand walks evenly are merged into one.
 */
export interface Walk {
  /** Elements of an inner run. */
  readonly length: number;
  /** Inner step of each operand: 0 where it is broadcast. */
  readonly steps: readonly number[];
  /** Runs that follow each other in one block. */
  readonly rows: number;
  /** Step of each operand from one run of a block to its next. */
  readonly rowSteps: readonly number[];
  /** Calls `visit` with the start of each block: its place in the output and in each of the first three operands. */
  readonly forEachBlock: (visit: (out: number, a: number, b: number, c: number) => void) => void;
  /** Calls `visit` with the start of each run. */
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
  const pop = (): { length: number; steps: number[] } => ({
    length: lengths.pop() ?? 1,
    steps: strides.map((own) => own.pop() ?? 0),
  });
  const { length, steps } = pop();
  const { length: rows, steps: rowSteps } = pop();
  const blocks = shape.includes(0) ? 0 : lengths.reduce((product, outer) => product * outer, 1);
  const forEachBlock: Walk["forEachBlock"] = (visit) => walk(lengths, strides, rows * length, blocks, visit);
  const [p = 0, q = 0, r = 0] = rowSteps;
  return {
    length,
    steps,
    rows,
    rowSteps,
    forEachBlock,
    forEach: (visit) =>
      forEachBlock((out, a, b, c) => {
        for (let row = 0; row < rows; row++) visit(out + row * length, a + row * p, b + row * q, c + row * r);
      }),
  };
}

function walk(
  lengths: readonly number[],
  strides: readonly (readonly number[])[],
  size: number,
  count: number,
  visit: (out: number, a: number, b: number, c: number) => void,
): void {
  const position = lengths.map(() => 0);
  const start = [0, 0, 0];
  for (let block = 0; block < count; block++) {
    visit(block * size, start[0]!, start[1]!, start[2]!);
    for (let axis = lengths.length - 1; axis >= 0; axis--) {
      position[axis]!++;
      strides.forEach((own, operand) => (start[operand]! += own[axis]!));
      if (position[axis]! < lengths[axis]!) break;
      strides.forEach((own, operand) => (start[operand]! -= own[axis]! * lengths[axis]!));
      position[axis] = 0;
    }
  }
}
