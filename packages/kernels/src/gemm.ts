import { gemmReference } from "./gemmReference.ts";
import type { Gemm, Matrix } from "./gemmReference.ts";
import { gemmFloat32 } from "./gemm32.ts";

/** Placeholder docs. */
export function gemm<Values extends Matrix>(product: Gemm<Values>): void {
  const { m, n, k, a, b, out, transposeA = false, transposeB = false, accumulate = false } = product;
  const { aOffset = 0, bOffset = 0, outOffset = 0 } = product;
  if (a instanceof Float32Array)
    gemmFloat32(
      m,
      n,
      k,
      a,
      aOffset,
      transposeA ? 1 : k,
      transposeA ? m : 1,
      b as Float32Array,
      bOffset,
      transposeB ? 1 : n,
      transposeB ? k : 1,
      out as Float32Array,
      outOffset,
      accumulate,
    );
  else gemmReference(product);
}
