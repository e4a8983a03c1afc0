import type { Gemm } from "./gemmReference.ts";
import { address, scratch } from "./simd.ts";
import type { Simd } from "./simd.ts";

/** Float32 elements of `a`, `b` and `out` that pass through the kernels' memory at once: they stay in the cache. */
const CHUNK = 65536;

/** Float32 product in SIMD, the same bits as `gemmReference`. */
export function gemmSimd(kernels: Simd, product: Gemm<Float32Array>): void {
  if (product.transposeA === true) byInnerChunks(kernels, product);
  else byRowChunks(kernels, product);
}

/** `b` stays, rows of `a` and `out` pass by. */
function byRowChunks(kernels: Simd, product: Gemm<Float32Array>): void {
  const { m, n, k, a, b, out, transposeB = false, accumulate = false } = product;
  const { aOffset = 0, bOffset = 0, outOffset = 0 } = product;
  const rows = Math.max(4, Math.min(m, Math.ceil(CHUNK / (n + k))));
  const aAt = n * k;
  const outAt = aAt + rows * k;
  const spare = outAt + rows * n;
  const memory = scratch(kernels, spare + 8 * (k + rows));
  memory.set(part(b, bOffset, n * k), 0);
  for (let row = 0; row < m; row += rows) {
    const height = Math.min(rows, m - row);
    memory.set(part(a, aOffset + row * k, height * k), aAt);
    const start = outOffset + row * n;
    if (accumulate) memory.set(part(out, start, height * n), outAt);
    kernels.gemm(height, n, k, address(aAt), address(0), address(outAt), false, transposeB, accumulate, address(spare));
    out.set(memory.subarray(outAt, outAt + height * n), start);
  }
}

/** `out` stays and grows, rows of the transposed `a` pass by with their rows of `b`. */
function byInnerChunks(kernels: Simd, product: Gemm<Float32Array>): void {
  const { m, n, k, a, b, out, transposeB = false, accumulate = false } = product;
  const { aOffset = 0, bOffset = 0, outOffset = 0 } = product;
  const inner = transposeB ? k : Math.min(k, Math.ceil(CHUNK / (n + m)));
  const aAt = m * n;
  const bAt = aAt + inner * m;
  const spare = bAt + inner * n;
  const memory = scratch(kernels, spare + 8 * (inner + m));
  if (accumulate) memory.set(part(out, outOffset, m * n), 0);
  for (let start = 0; start < k; start += inner) {
    const depth = Math.min(inner, k - start);
    memory.set(part(a, aOffset + start * m, depth * m), aAt);
    memory.set(part(b, bOffset + start * n, depth * n), bAt);
    const grow = accumulate || start > 0;
    kernels.gemm(m, n, depth, address(aAt), address(bAt), address(0), true, transposeB, grow, address(spare));
  }
  out.set(memory.subarray(0, m * n), outOffset);
}

function part(values: Float32Array, start: number, length: number): Float32Array {
  return start === 0 && length === values.length ? values : values.subarray(start, start + length);
}
