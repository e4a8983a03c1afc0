import { address, scratch, simd } from "../copies.ts";
import type { Simd } from "../simd.ts";
import { cellHash } from "./cell-hash.ts";

/** Fewer cells are hashed one by one. */
const SIMD_FROM = 64;

/** Cells whose bytes pass through the kernels' memory at once. */
const CHUNK = 65536;

/**
 * A mask that a counter draws: `out[i]` is 1 where `cellHash(seed, first + i) < p * 2^32`, else 0.
 *
 * Any part of a mask can be drawn alone; SIMD gives the same bytes.
 *
 * @param seed 32-bit integer
 * @param first 32-bit integer: index of the first cell
 * @param p share of ones, in [0, 1]
 */
export function cellMask(seed: number, first: number, p: number, out: Uint8Array): void {
  const limit = Math.ceil(p * 2 ** 32);
  if (limit >= 2 ** 32) return void out.fill(1);
  const kernels = out.length >= SIMD_FROM ? simd() : undefined;
  if (kernels === undefined) cellMaskReference(seed, first, p, out);
  else inChunks(kernels, seed, first, limit, out);
}

/** The readable reference of `cellMask`. */
export function cellMaskReference(seed: number, first: number, p: number, out: Uint8Array): void {
  for (let i = 0; i < out.length; i++) out[i] = cellHash(seed, first + i) < p * 2 ** 32 ? 1 : 0;
}

function inChunks(kernels: Simd, seed: number, first: number, limit: number, out: Uint8Array): void {
  const { buffer } = scratch(kernels, CHUNK / 4);
  for (let start = 0; start < out.length; start += CHUNK) {
    const count = Math.min(CHUNK, out.length - start);
    kernels.cellMask(seed, first + start, limit, address(0), count);
    out.set(new Uint8Array(buffer, address(0), count), start);
  }
}
