import { simd } from "../simd.ts";
import type { BinarySimd, Simd } from "../simd.ts";
import { binaryLoops } from "./binary-loops.ts";
import type { BinaryName, Values } from "./binary-loops.ts";

/** Fewer elements are done before SIMD code is called. */
const SIMD_FROM = 8;

/**
 * Applies one function of two operands: `out[o + i] = f(a[p + i * s], b[q + i * t])` for `i < n`.
 *
 * Float32 operands that lie in the kernels' own memory (see `reserve`) are computed in SIMD, with the same bits.
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
  const kernels = n >= SIMD_FROM && s <= 1 && t <= 1 && out instanceof Float32Array ? simd() : undefined;
  const twin = kernels !== undefined && twinOf(kernels, name);
  if (kernels && twin && isHere(kernels, a) && isHere(kernels, b) && isHere(kernels, out)) {
    twin(a.byteOffset + p * 4, s * 4, b.byteOffset + q * 4, t * 4, out.byteOffset + o * 4, n);
  } else binaryLoops[name](a, p, s, b, q, t, out, o, n);
}

const twinOf = (kernels: Simd, name: BinaryName): BinarySimd | undefined =>
  (kernels as unknown as Partial<Record<BinaryName, BinarySimd>>)[name];

/** Whether float32 values lie in the kernels' own memory. */
export const isHere = (kernels: Simd, values: Values): values is Float32Array =>
  values instanceof Float32Array && values.buffer === kernels.memory.buffer;
