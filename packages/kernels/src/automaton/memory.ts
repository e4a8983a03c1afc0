import { wasmBase64 } from "../generated/automaton.ts";
import { MemoryError } from "../errors.ts";
import { moduleOf } from "../module.ts";
import type { Kernel } from "../threads/execute.ts";

/** What `assembly/automaton/` exports; all arguments are addresses, if not said otherwise. */
export interface AutomatonSimd extends WebAssembly.Exports {
  readonly memory: WebAssembly.Memory;
  readonly forward: (plan: number, step: number, mask: number, statistics: number, taped: boolean) => void;
  readonly backward: (plan: number, step: number, cotangent: number, losses: number) => void;
  readonly transpose: (plan: number) => void;
  /** Adds a row to another: whole vectors of 16 bytes. */
  readonly addRow: (from: number, to: number, bytes: number) => void;
  readonly integerStart: (plan: number) => void;
  readonly integerForward: (plan: number, step: number, mask: number) => number;
}

/** Kernels that scripts call, by the numbers that they have there. */
export const AUTOMATON_KERNELS = ["forward", "backward", "transpose", "integerStart", "integerForward"] as const;

let compiled: WebAssembly.Module | null | undefined;

/** A fresh instance with a memory of its own; undefined where the engine has no WebAssembly SIMD. */
export function instantiate(): AutomatonSimd | undefined {
  const module = automatonModule();
  return module === undefined ? undefined : (new WebAssembly.Instance(module).exports as AutomatonSimd);
}

/** Lets a module take the place of some kernels, in programs that exist and in later ones; undefined ends that. */
export function replaceAutomatonKernels(module: WebAssembly.Module | undefined): void {
  replacement = module;
}

/** What takes the place of some kernels now. */
export function automatonReplacement(): WebAssembly.Module | undefined {
  return replacement;
}

/** The kernels that scripts call: those of an instance, or what takes their place in its memory. */
export function automatonCalls(kernels: AutomatonSimd, instead: WebAssembly.Module | undefined): readonly Kernel[] {
  const { memory } = kernels;
  const others = instead && new WebAssembly.Instance(instead, { env: { memory } }).exports;
  return AUTOMATON_KERNELS.map((name) => (others?.[name] ?? kernels[name]) as Kernel);
}

let replacement: WebAssembly.Module | undefined;

/** What instances are made of; undefined where the engine has no WebAssembly SIMD. */
export function automatonModule(): WebAssembly.Module | undefined {
  if (compiled === undefined) compiled = moduleOf(wasmBase64) ?? null;
  return compiled ?? undefined;
}

/** The kernels' tables lie below (scripts/embed-wasm.mjs checks). */
export const FREE_FROM = 8192;

/** Hands out the memory of an instance from the bottom up; addresses are bytes, and multiples of 64. */
export class Arena {
  /** The whole memory, seen three ways; made anew when it grows. */
  floats: Float32Array = new Float32Array(0);
  words: Int32Array = new Int32Array(0);
  bytes: Uint8Array = new Uint8Array(0);
  private top = FREE_FROM;
  private readonly memory: WebAssembly.Memory;

  constructor(memory: WebAssembly.Memory) {
    this.memory = memory;
    this.look();
  }

  /**
   * Room for so many bytes.
   *
   * @throws MemoryError when the memory cannot grow so far; it stays as it is
   */
  take(bytes: number): number {
    const at = this.top;
    const top = at + Math.ceil(bytes / 64) * 64;
    const missing = top - this.memory.buffer.byteLength;
    if (missing > 0) {
      // a quarter more than asked for, so that a growing tape seldom moves the views
      const reached = this.grow(missing + top / 4) || this.grow(missing);
      if (!reached) throw new MemoryError(top, this.memory.buffer.byteLength);
      this.look();
    }
    this.top = top;
    return at;
  }

  /** How far the memory is taken. */
  mark(): number {
    return this.top;
  }

  /** Gives back all that was taken since a mark. */
  release(mark: number): void {
    this.top = mark;
  }

  private grow(bytes: number): boolean {
    try {
      this.memory.grow(Math.ceil(bytes / 65536));
      return true;
    } catch {
      return false; // more than the 4 GiB that addresses reach, or than the machine has
    }
  }

  private look(): void {
    const { buffer } = this.memory;
    this.floats = new Float32Array(buffer);
    this.words = new Int32Array(buffer);
    this.bytes = new Uint8Array(buffer);
  }
}
