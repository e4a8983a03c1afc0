import { wasmBase64 } from "./generated/wasm.ts";

type Unary = (x: number, out: number, bytes: number) => void;

/** Addresses and steps in bytes. */
export type BinarySimd = (a: number, s: number, b: number, t: number, out: number, n: number) => void;

/** What `assembly/` exports; addresses and lengths are in bytes. */
export interface Simd extends WebAssembly.Exports {
  readonly memory: WebAssembly.Memory;
  readonly pack: (n: number, k: number, b: number, transposed: boolean, to: number) => void;
  readonly gemm: (
    m: number,
    n: number,
    k: number,
    a: number,
    aRow: number,
    aInner: number,
    b: number,
    bInner: number,
    bPanel: number,
    out: number,
    accumulate: boolean,
    spare: number,
  ) => void;
  readonly exp: Unary;
  readonly log: Unary;
  readonly tanh: Unary;
  readonly sigmoid: Unary;
  readonly sin: Unary;
  readonly cos: Unary;
  readonly erf: Unary;
  readonly neg: Unary;
  readonly abs: Unary;
  readonly sqrt: Unary;
  readonly square: Unary;
  readonly reciprocal: Unary;
  readonly relu: Unary;
  readonly add: BinarySimd;
  readonly sub: BinarySimd;
  readonly mul: BinarySimd;
  readonly div: BinarySimd;
  readonly maximum: BinarySimd;
  readonly minimum: BinarySimd;
  readonly gate: BinarySimd;
}

/** The SIMD twins, made on first use; undefined where the engine has no WebAssembly SIMD. */
export function simd(): Simd | undefined {
  if (instance === undefined) instance = instantiate();
  return instance ?? undefined;
}

/** The part of the kernels' memory that is free for operands, at least `length` float32 elements. */
export function scratch(kernels: Simd, length: number): Float32Array {
  if (spare.bytes < length * 4) spare = { start: extend(kernels.memory, length * 4), bytes: length * 4 };
  if (free.buffer !== kernels.memory.buffer || free.byteOffset !== spare.start) {
    free = new Float32Array(kernels.memory.buffer, spare.start, Math.floor(spare.bytes / 4));
  }
  return free;
}

/** Address of element `index` of the scratch memory. */
export function address(index: number): number {
  return spare.start + index * 4;
}

/** Makes so many bytes of the memory usable and returns where they start, a multiple of 16. */
export function extend(memory: WebAssembly.Memory, bytes: number): number {
  const start = used;
  used = Math.ceil((start + bytes) / 16) * 16;
  const missing = used - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / 65536));
  return start;
}

/** The kernels' tables of coefficients lie below (scripts/embed-wasm.mjs checks). */
const FREE_FROM = 4096;

let used = FREE_FROM;
let spare = { start: FREE_FROM, bytes: 0 };
let instance: Simd | null | undefined;
let free = new Float32Array(0);

function instantiate(): Simd | null {
  if (typeof WebAssembly === "undefined") return null;
  const bytes = Uint8Array.from(atob(wasmBase64), (character) => character.charCodeAt(0));
  return WebAssembly.validate(bytes) ? (new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as Simd) : null;
}
