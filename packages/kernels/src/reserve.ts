import { extend, simd } from "./simd.ts";

/** Memory that belongs to its caller. */
export interface Region {
  /** First byte, a multiple of 16. */
  readonly start: number;
  /** The memory now: another object once it has grown, and views of the former one are then empty. */
  readonly buffer: ArrayBufferLike;
}

/**
 * Sets so many bytes aside in the memory of the kernels, so that they read operands there without copying; in a memory
 * of its own where the engine has no WebAssembly SIMD.
 */
export function reserve(bytes: number): Region {
  const kernels = simd();
  if (kernels === undefined) return { start: 0, buffer: new ArrayBuffer(bytes) };
  const start = extend(kernels.memory, bytes);
  return {
    start,
    get buffer() {
      return kernels.memory.buffer;
    },
  };
}
