import { addProduct32 } from "./add-product-32.ts";
import { addProduct64 } from "./add-product-64.ts";
import type { Gemm, Matrix } from "./gemm-reference.ts";
import { view } from "./view.ts";
import type { View } from "./view.ts";

/** `gemm` without WebAssembly, for operands of either type. */
export function gemmPlain(product: Gemm): void {
  const { m, n, out, accumulate = false, outOffset = 0 } = product;
  if (!accumulate) out.fill(0, outOffset, outOffset + m * n);
  if (isFloat32(product)) addProduct32(m, n, product.k, ...views(product));
  else addProduct64(m, n, product.k, ...views(product as Gemm<Float64Array>));
}

export function isFloat32(product: Gemm): product is Gemm<Float32Array> {
  return product.out instanceof Float32Array;
}

function views<Values extends Matrix>(product: Gemm<Values>): [View<Values>, View<Values>, View<Values>] {
  const { m, n, k, a, b, out, transposeA = false, transposeB = false } = product;
  const { aOffset = 0, bOffset = 0, outOffset = 0 } = product;
  return [
    view(a, aOffset, transposeA ? m : k, transposeA),
    view(b, bOffset, transposeB ? k : n, transposeB),
    view(out, outOffset, n, false),
  ];
}
