import { FREE_FROM, instantiate } from "./simd.ts";
import type { Simd } from "./simd.ts";

/** Memory that belongs to its caller. */
export interface Region {
  /** First byte, a multiple of 16. */
  readonly start: number;
  /** The memory now: another object after a later `reserve`, and views of the former one are then empty. */
  readonly buffer: ArrayBufferLike;
}

/**
 * Sets so many bytes aside in a memory where the kernels read and write operands without copying; in a memory of its own
 * where the engine has no WebAssembly SIMD.
 */
export function reserve(bytes: number): Region {
  if (home === undefined) home = instantiate() ?? null;
  if (home === null) return { start: 0, buffer: new ArrayBuffer(bytes) };
  const { memory } = home;
  const start = used;
  used = Math.ceil((start + bytes) / 16) * 16;
  const missing = used - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / 65536));
  return {
    start,
    get buffer() {
      return memory.buffer;
    },
  };
}

/** The SIMD twins in whose memory all three arrays lie, if they do. */
export function kernelsAt(a: ArrayBufferView, b: ArrayBufferView, c: ArrayBufferView): Simd | undefined {
  if (home === undefined || home === null) return undefined;
  const { buffer } = home.memory;
  return a.buffer === buffer && b.buffer === buffer && c.buffer === buffer ? home : undefined;
}

/** Float32 elements that the kernels may use at `FREE_FROM`: fixed, since growing would empty every view. */
export const SPARE_LENGTH: number = 2 ** 20;

let home: Simd | null | undefined;
let used = FREE_FROM + SPARE_LENGTH * 4;
