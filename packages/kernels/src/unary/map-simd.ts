import { cos32, sin32 } from "../math32.ts";
import { address, scratch } from "../copies.ts";
import type { Simd } from "../simd.ts";

const NAMES = ["exp", "log", "tanh", "sigmoid", "sin", "cos", "erf"] as const;

/** Functions with a SIMD twin. */
export type SimdUnaryName = (typeof NAMES)[number];

export function hasSimdTwin(name: string): name is SimdUnaryName {
  return (NAMES as readonly string[]).includes(name);
}

/** Functions that SIMD computes for every argument, on operands in the kernels' memory. */
const HERE = ["exp", "log", "tanh", "sigmoid", "erf", "neg", "abs", "sqrt", "square", "reciprocal", "relu"] as const;

/** Functions that can be computed where the operands lie. */
export type SimdHereName = (typeof HERE)[number];

export function worksHere(name: string): name is SimdHereName {
  return (HERE as readonly string[]).includes(name);
}

/** Elements that pass through the kernels' memory at once. */
const CHUNK = 16384;

/** Applies one function to every element in SIMD, the same bits as the scalar twins. */
export function mapSimd(kernels: Simd, name: SimdUnaryName, x: Float32Array, out: Float32Array): void {
  const memory = scratch(kernels, 2 * CHUNK);
  for (let start = 0; start < x.length; start += CHUNK) {
    const length = Math.min(CHUNK, x.length - start);
    memory.set(length === x.length ? x : x.subarray(start, start + length), 0);
    kernels[name](address(0), address(CHUNK), length * 4);
    if (name === "sin" || name === "cos") patchHuge(name === "sin" ? sin32 : cos32, memory, length);
    out.set(memory.subarray(CHUNK, CHUNK + length), start);
  }
}

/** SIMD reduces arguments below 1e6 only. */
function patchHuge(f: (x: number) => number, memory: Float32Array, length: number): void {
  for (let i = 0; i < length; i++) if (!(Math.abs(memory[i]!) < 1e6)) memory[CHUNK + i] = f(memory[i]!);
}
