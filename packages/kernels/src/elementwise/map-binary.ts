import { kernelsAt } from "../reserve.ts";
import { binaryLoops } from "./binary-loops.ts";
import type { BinaryName, Values } from "./binary-loops.ts";

/** Fewer elements are done before SIMD code is called. */
const SIMD_FROM = 8;

/**
 * Applies one function of two operands: `out[o + i] = f(a[p + i * s], b[q + i * t])` for `i < n`.
 *
 * Float32 operands that lie in the kernels' memory (see `reserve`) are computed in SIMD, with the same bits.
 *
 * @param s step through `a`: 1, or 0 where one element stands for all; other steps are allowed and not fast
 * @param t step through `b`
 * @param out must not overlap an operand other than by being the same elements
 */
export function mapBinary(
  name: BinaryName,
  a: Values,
  p: number,
  s: number,
  b: Values,
  q: number,
  t: number,
  out: Values,
  o: number,
  n: number,
): void {
  const single = a instanceof Float32Array && b instanceof Float32Array && out instanceof Float32Array;
  const kernels = single && n >= SIMD_FROM && s <= 1 && t <= 1 ? kernelsAt(a, b, out) : undefined;
  if (kernels !== undefined && hasTwin(name)) {
    kernels[name](a.byteOffset + p * 4, s * 4, b.byteOffset + q * 4, t * 4, out.byteOffset + o * 4, n);
  } else binaryLoops[name](a, p, s, b, q, t, out, o, n);
}

const TWINS = ["add", "sub", "mul", "div", "maximum", "minimum", "gate"] as const satisfies readonly BinaryName[];

function hasTwin(name: BinaryName): name is (typeof TWINS)[number] {
  return (TWINS as readonly BinaryName[]).includes(name);
}
