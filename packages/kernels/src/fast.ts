import { replaceAutomatonKernels } from "./automaton/memory.ts";
import { wasmBase64 as automaton } from "./generated/fast-automaton.ts";
import { wasmBase64 as mesh } from "./generated/fast-mesh.ts";
import { wasmBase64 as matrix } from "./generated/fast.ts";
import { replaceMeshKernels } from "./mesh/memory.ts";
import { moduleOf } from "./module.ts";
import { replaceKernels } from "./simd.ts";
import { restart } from "./threads/threads.ts";

/**
 * Lets float32 matrix products and roll-outs of automata use relaxed SIMD: a product and its sum are one instruction, rounded
 * once where the processor can, so that bits differ between machines. Off until it is called; `fast(false)` gives every bit
 * back.
 *
 * An element that sums `k` products differs from the strict one by at most `(k + 1) * 2^-23` times the sum of their sizes
 * (and by `(k + 1) * 2^-148` near the smallest numbers). In a roll-out such differences grow from step to step, and a mixture
 * may choose another expert where two are almost equal. Integers, and all other kernels, stay strict.
 *
 * @returns whether products are fast now: not in an engine without relaxed SIMD, which is said once on the console
 */
export function fast(on: boolean): boolean {
  if (on === used) return used;
  const modules = on ? relaxed() : undefined;
  if (on && modules === undefined && !told) {
    told = true;
    console.warn(
      "fast: expected relaxed SIMD, which this engine lacks: products stay strict. Node 22, Chrome 114 or Firefox 145?",
    );
  }
  replaceKernels(modules?.matrix);
  replaceAutomatonKernels(modules?.automaton);
  replaceMeshKernels(modules && mesh);
  restart();
  used = modules !== undefined;
  return used;
}

let told = false;
let used = false;

interface Relaxed {
  readonly matrix: WebAssembly.Module;
  readonly automaton: WebAssembly.Module;
}

let known: Relaxed | undefined;

/** Undefined where the engine lacks relaxed SIMD. */
function relaxed(): Relaxed | undefined {
  if (known !== undefined) return known;
  const [first, second] = [moduleOf(matrix), moduleOf(automaton)];
  known = first && second && { matrix: first, automaton: second };
  return known;
}
