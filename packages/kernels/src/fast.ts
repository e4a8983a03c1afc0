import { wasmBase64 } from "./generated/fast.ts";
import { moduleOf } from "./module.ts";
import { replaceKernels } from "./simd.ts";

/**
 * Lets float32 matrix products use relaxed SIMD: a product and its sum are one instruction, rounded once where the processor
 * can, so that bits differ between machines. Off until it is called; `fast(false)` gives every bit back.
 *
 * An element that sums `k` products differs from the strict one by at most `(k + 1) * 2^-23` times the sum of their sizes
 * (and by `(k + 1) * 2^-148` near the smallest numbers). All but matrix products, roll-outs of automata too, stays strict.
 *
 * @returns whether products are fast now: not in an engine without relaxed SIMD, which is said once on the console
 */
export function fast(on: boolean): boolean {
  const module = on ? moduleOf(wasmBase64) : undefined;
  if (on && module === undefined && !told) {
    told = true;
    console.warn(
      "fast: expected relaxed SIMD, which this engine lacks: products stay strict. Node 22, Chrome 114 or Firefox 145?",
    );
  }
  replaceKernels(module);
  return module !== undefined;
}

let told = false;
