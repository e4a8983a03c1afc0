import { FREE_FROM, instantiate } from "./simd.ts";
import type { Simd } from "./simd.ts";

/** The SIMD twins that work on copies, made on first use; undefined where the engine has no WebAssembly SIMD. */
export function simd(): Simd | undefined {
  if (copying === undefined) copying = instantiate() ?? null;
  return copying ?? undefined;
}

/** The memory of these twins, at least `length` float32 elements; no one keeps anything there. */
export function scratch(kernels: Simd, length: number): Float32Array {
  if (free.length < length) {
    const bytes = FREE_FROM + Math.max(length, 2 * free.length) * 4;
    kernels.memory.grow(Math.ceil((bytes - kernels.memory.buffer.byteLength) / 65536));
    free = new Float32Array(kernels.memory.buffer, FREE_FROM);
  }
  return free;
}

/** Address of element `index` of the scratch memory. */
export function address(index: number): number {
  return FREE_FROM + index * 4;
}

let copying: Simd | null | undefined;
let free = new Float32Array(0);
