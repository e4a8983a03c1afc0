import type { Gemm } from "./gemm-reference.ts";
import { address, scratch } from "../copies.ts";
import { kernelsAt, SPARE_LENGTH } from "../reserve.ts";
import { FREE_FROM } from "../simd.ts";
import type { Simd } from "../simd.ts";

/** Float32 elements of `a`, `b` and `out` that pass through the kernels' memory at once: they stay in the cache. */
const CHUNK = 65536;
/** Rows of `b` this long are copied into panels: their distance would defeat the cache. */
const LONG_ROW = 128;

/** Float32 product in SIMD, bit for bit like `gemmReference`. */
export function gemmSimd(copying: Simd, product: Gemm<Float32Array>): void {
  const { k, a, b, out } = product;
  const resident = kernelsAt(a, b, out);
  if (resident !== undefined && panels(product, k).length <= SPARE_LENGTH) inPlace(resident, product);
  else if (product.transposeA === true) byInnerChunks(copying, product);
  else byRowChunks(copying, product);
}

/** Operands that lie in the kernels' memory are read and written there. */
function inPlace(kernels: Simd, product: Gemm<Float32Array>): void {
  const { m, n, k, a, b, out, transposeA = false, transposeB = false, accumulate = false } = product;
  const { aOffset = 0, bOffset = 0, outOffset = 0 } = product;
  const right = panels(product, k);
  const start = b.byteOffset + bOffset * 4;
  if (right.length > 0) kernels.pack(n, k, start, transposeB, FREE_FROM);
  kernels.gemm(
    m,
    n,
    k,
    a.byteOffset + aOffset * 4,
    transposeA ? 4 : k * 4,
    transposeA ? m * 4 : 4,
    right.length > 0 ? FREE_FROM : start,
    right.inner,
    right.panel,
    out.byteOffset + outOffset * 4,
    accumulate,
  );
}

/** `b` stays, rows of `a` and `out` pass by. */
function byRowChunks(kernels: Simd, product: Gemm<Float32Array>): void {
  const { m, n, k, a, b, out, transposeB = false, accumulate = false } = product;
  const { aOffset = 0, bOffset = 0, outOffset = 0 } = product;
  const rows = Math.max(4, Math.min(m, Math.ceil(CHUNK / (n + k))));
  const right = panels(product, k);
  const aAt = n * k + right.length;
  const outAt = aAt + rows * k;
  const memory = scratch(kernels, outAt + rows * n);
  memory.set(part(b, bOffset, n * k), 0);
  if (right.length > 0) kernels.pack(n, k, address(0), transposeB, address(n * k));
  for (let row = 0; row < m; row += rows) {
    const height = Math.min(rows, m - row);
    const start = outOffset + row * n;
    memory.set(part(a, aOffset + row * k, height * k), aAt);
    if (accumulate) memory.set(part(out, start, height * n), outAt);
    kernels.gemm(
      height,
      n,
      k,
      address(aAt),
      k * 4,
      4,
      address(right.at),
      right.inner,
      right.panel,
      address(outAt),
      accumulate,
    );
    out.set(memory.subarray(outAt, outAt + height * n), start);
  }
}

/** `out` stays and grows, rows of the transposed `a` pass by with their rows of `b`. */
function byInnerChunks(kernels: Simd, product: Gemm<Float32Array>): void {
  const { m, n, k, a, b, out, transposeB = false, accumulate = false } = product;
  const { aOffset = 0, bOffset = 0, outOffset = 0 } = product;
  const depth = transposeB ? k : Math.min(k, Math.ceil(CHUNK / (n + m)));
  const right = panels(product, depth);
  const aAt = n * depth + right.length;
  const outAt = aAt + depth * m;
  const memory = scratch(kernels, outAt + m * n);
  if (accumulate) memory.set(part(out, outOffset, m * n), outAt);
  let inner = 0;
  do {
    const here = Math.min(depth, k - inner);
    memory.set(part(a, aOffset + inner * m, here * m), aAt);
    memory.set(part(b, bOffset + inner * n, here * n), 0);
    if (right.length > 0) kernels.pack(n, here, address(0), transposeB, address(n * depth));
    kernels.gemm(
      m,
      n,
      here,
      address(aAt),
      4,
      m * 4,
      address(right.at),
      right.inner,
      right.length > 0 ? here * 32 : right.panel,
      address(outAt),
      accumulate || inner > 0,
    );
    inner += depth;
  } while (inner < k);
  out.set(memory.subarray(outAt, outAt + m * n), outOffset);
}

interface Panels {
  /** Index of the first panel in the scratch memory, where `b` itself stands at 0. */
  readonly at: number;
  /** Elements of the copy in panels; 0 if `b` is used as it stands. */
  readonly length: number;
  /** Bytes from one row of a panel to the next. */
  readonly inner: number;
  /** Bytes from one panel to the next. */
  readonly panel: number;
}

/** How `depth` rows of `b` are read, 8 columns at a time. */
function panels({ m, n, transposeB = false }: Gemm<Float32Array>, depth: number): Panels {
  const asItStands = !transposeB && n % 8 === 0 && (n < LONG_ROW || m < 16);
  if (asItStands) return { at: 0, length: 0, inner: n * 4, panel: 32 };
  return { at: n * depth, length: Math.ceil(n / 8) * 8 * depth, inner: 32, panel: depth * 32 };
}

function part(values: Float32Array, start: number, length: number): Float32Array {
  return start === 0 && length === values.length ? values : values.subarray(start, start + length);
}
