import { Arena } from "../automaton/memory.ts";
import { wasmBase64 } from "../generated/mesh.ts";
import { moduleOf } from "../module.ts";

/** Kernels that work on a part of a step: addresses of plan, step and part. */
type PartKernel = (plan: number, step: number, part: number) => void;

/** Kernels of `assembly/mesh/` by the numbers that scripts have for them. */
export const MESH_KERNELS = ["forward", "show", "backward", "collect"] as const;

/** An instance of the kernels, and what its memory holds. */
export interface Home {
  module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Whether threads share the memory. */
  readonly shared: boolean;
  kernels: Readonly<Record<(typeof MESH_KERNELS)[number], PartKernel>>;
  readonly arena: Arena;
  /** The program whose lattice stands here, and the version of its weights; 0 is none. */
  program: number;
  version: number;
}

/** Address space of WebAssembly, in pages. */
const MOST_PAGES = 65536;

/** Kernels with a memory of their own, which threads can share if asked for; undefined without WebAssembly SIMD. */
export function settle(shared = false): Home | undefined {
  const module = meshModule(shared);
  if (module === undefined) return undefined;
  const memory = new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES, shared });
  const kernels = kernelsIn(memory, module);
  return { module, memory, shared, kernels, arena: new Arena(memory), program: 0, version: 0 };
}

/** Gives a home the kernels that are used now; what stands in its memory stays. */
export function refit(home: Home): void {
  const module = meshModule(home.shared)!;
  if (module === home.module) return;
  home.module = module;
  home.kernels = kernelsIn(home.memory, module);
}

const kernelsIn = (memory: WebAssembly.Memory, module: WebAssembly.Module): Home["kernels"] =>
  new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Home["kernels"];

/** Lets another build take the place of the kernels, in homes that exist and in later ones; undefined ends that. */
export function replaceMeshKernels(base64: string | undefined): void {
  replacement = base64;
}

let replacement: string | undefined;

/** What instances are made of, for a memory that is shared or not. */
export function meshModule(shared: boolean): WebAssembly.Module | undefined {
  const base64 = replacement ?? wasmBase64;
  const index = (shared ? 1 : 0) + (base64 === wasmBase64 ? 0 : 2);
  if (modules[index] === undefined) modules[index] = moduleOf(base64, shared ? share : undefined) ?? null;
  return modules[index] ?? undefined;
}

/** Strict ones, not shared and shared, then those that take their places. */
const modules: (WebAssembly.Module | null | undefined)[] = [];

/** Lets a module import a shared memory: code is the same for both kinds, which differ in one bit of the import. */
function share(bytes: Uint8Array): void {
  const name = Array.from("memory", (letter) => letter.charCodeAt(0));
  const at = bytes.findIndex((_, start) => name.every((code, i) => bytes[start + i] === code)) + name.length;
  // kind of the import (a memory), then its flags: 1, a largest size is given; 2, shared
  if (bytes[at] !== 2 || bytes[at + 1] !== 1) throw new Error("mesh: expected the kernels to import a memory");
  bytes[at + 1] = 3;
}
