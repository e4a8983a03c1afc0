import { wasmBase64 } from "./generated/wasm.ts";
import { moduleOf } from "./module.ts";

type Unary = (x: number, out: number, bytes: number) => void;

/** Addresses and steps in bytes. */
type BinarySimd = (
  a: number,
  aRow: number,
  aStep: number,
  b: number,
  bRow: number,
  bStep: number,
  out: number,
  rows: number,
  length: number,
) => void;

/** Addresses of rows of float32 numbers and of what becomes of them. */
type Rows = (x: number, out: number, rows: number, length: number) => void;

/** Addresses of rows, indices and output, count of indices, bytes of a row. */
type ByIndex = (x: number, indices: number, out: number, rows: number, rowBytes: number) => void;

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
  readonly sumRows: Rows;
  readonly sumColumns: Rows;
  readonly softmaxRows: Rows;
  readonly logSoftmaxRows: Rows;
  readonly cellMask: (seed: number, first: number, limit: number, out: number, count: number) => void;
  readonly takeRows: ByIndex;
  readonly addRows: ByIndex;
  readonly adam: (
    params: number,
    grads: number,
    mean: number,
    square: number,
    out: number,
    row: number,
    n: number,
    ...factors: number[]
  ) => void;
}

/** First free byte of a memory: tables of coefficients and blocks lie below (scripts/embed-wasm.mjs checks). */
export const FREE_FROM = 45056;

/** A new instance of the SIMD twins with a memory of its own; undefined where the engine has no WebAssembly SIMD. */
export function instantiate(): Simd | undefined {
  if (wasm === undefined) wasm = moduleOf(wasmBase64) ?? null;
  if (wasm === null) return undefined;
  const strict = new WebAssembly.Instance(wasm).exports as Simd;
  const twins = { strict, used: { ...strict } };
  instances.push(twins);
  replace(twins);
  return twins.used;
}

/** Lets other code take the place of some strict kernels, in instances that exist and in later ones; undefined ends that. */
export function replaceKernels(module: WebAssembly.Module | undefined): void {
  replacement = module;
  for (const twins of instances) replace(twins);
}

/** What callers use of an instance, and what it has of its own. */
interface Twins {
  readonly strict: Simd;
  readonly used: Simd;
}

function replace({ strict, used }: Twins): void {
  const { memory } = strict;
  const others = replacement && new WebAssembly.Instance(replacement, { env: { memory } }).exports;
  Object.assign(used, strict, others);
}

const instances: Twins[] = [];
let replacement: WebAssembly.Module | undefined;
let wasm: WebAssembly.Module | null | undefined;
