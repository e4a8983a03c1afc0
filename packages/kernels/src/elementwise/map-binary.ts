import { kernelsAt } from "../reserve.ts";
import { binaryLoops } from "./binary-loops.ts";
import type { BinaryName, Values } from "./binary-loops.ts";

/** Fewer elements are done before SIMD code is called. */
const SIMD_FROM = 8;

/** How two operands are walked together: rows of elements, each operand with its own place and steps. */
export interface BinaryWalk {
  readonly rows: number;
  /** Elements of a row. */
  readonly length: number;
  /** First element of each operand. */
  readonly aStart: number;
  readonly bStart: number;
  readonly outStart: number;
  /** Elements from one row of an operand to its next: 0 where one row stands for all. */
  readonly aRow: number;
  readonly bRow: number;
  /** Elements from one element of an operand to its next: 0 where one stands for all; steps above 1 are not fast. */
  readonly aStep: number;
  readonly bStep: number;
}

/**
 * Applies one function of two operands along a walk; `out` is written without gaps from `outStart` on.
 *
 * Float32 operands that lie in the kernels' memory (see `reserve`) are computed in SIMD, with the same bits.
 *
 * @param out must not overlap an operand other than by being the same elements
 */
export function mapBinary(name: BinaryName, a: Values, b: Values, out: Values, walk: BinaryWalk): void {
  const { rows, length, aStart, bStart, outStart, aRow, bRow, aStep, bStep } = walk;
  const single = a instanceof Float32Array && b instanceof Float32Array && out instanceof Float32Array;
  const kernels = single && rows * length >= SIMD_FROM && aStep <= 1 && bStep <= 1 ? kernelsAt(a, b, out) : undefined;
  if (kernels !== undefined && hasTwin(name)) {
    const aAt = a.byteOffset + aStart * 4;
    const bAt = b.byteOffset + bStart * 4;
    const outAt = out.byteOffset + outStart * 4;
    kernels[name](aAt, aRow * 4, aStep * 4, bAt, bRow * 4, bStep * 4, outAt, rows, length);
    return;
  }
  const loop = binaryLoops[name];
  for (let row = 0; row < rows; row++) {
    loop(a, aStart + row * aRow, aStep, b, bStart + row * bRow, bStep, out, outStart + row * length, length);
  }
}

const TWINS = ["add", "sub", "mul", "div", "maximum", "minimum", "gate"] as const satisfies readonly BinaryName[];

function hasTwin(name: BinaryName): name is (typeof TWINS)[number] {
  return (TWINS as readonly BinaryName[]).includes(name);
}
