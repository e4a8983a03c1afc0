import { gemmPlain, isFloat32 } from "./gemm-plain.ts";
import type { Gemm } from "./gemm-reference.ts";
import { gemmSimd } from "./gemm-simd.ts";
import { simd } from "../copies.ts";

/** A smaller product is done before SIMD code has its operands. */
const SIMD_FROM = 128;

/**
 * Matrix product `out = a b` or `out += a b`, bit for bit equal to `gemmReference` (a NaN may carry other bits).
 *
 * Float32 uses WebAssembly SIMD where the engine has it.
 *
 * @param product lengths, operands and options; nothing is checked, and `out` must not overlap `a` or `b`
 */
export function gemm(product: Gemm): void {
  const { m, n, k } = product;
  const kernels = isFloat32(product) && m * n * k >= SIMD_FROM ? simd() : undefined;
  if (kernels !== undefined && isFloat32(product)) gemmSimd(kernels, product);
  else gemmPlain(product);
}
