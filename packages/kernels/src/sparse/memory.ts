import { wasmBase64 } from "../generated/sparse.ts";
import { moduleOf } from "../module.ts";
import { Crew } from "../threads/crew.ts";
import { crewFor } from "../threads/threads.ts";
import { Heap } from "./heap.ts";

type RowKernel = (plan: number, first: number, end: number) => void;

/** What `assembly/sparse/` exports; a plan is the address of a row of words. */
interface SparseSimd extends WebAssembly.Exports {
  readonly fire: (plan: number, rows: number) => void;
  readonly spreadSlices: RowKernel;
  readonly push: (plan: number, count: number) => number;
  readonly order: (plan: number, count: number) => void;
  readonly sortPairs: (plan: number) => void;
  readonly learnRows: RowKernel;
  readonly learnRows2: RowKernel;
  readonly learnRows3: RowKernel;
  readonly learnRows4: RowKernel;
  readonly learnRows5: RowKernel;
}

/** Kernels that threads share out by rows. */
const SHARED_KERNELS = ["spreadSlices", "learnRows", "learnRows2", "learnRows3", "learnRows4", "learnRows5"] as const;

/** Instances share one memory, so that threads need no copies. */
interface Home {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly kernels: SparseSimd;
  readonly heap: Heap;
}

/** Memory for operands, and the kernels that work on it; without kernels where the engine cannot run them. */
export interface Lot {
  readonly kernels: SparseSimd | undefined;
  /** Where each of the arrays begins, in bytes. */
  readonly at: readonly number[];
  readonly buffer: ArrayBufferLike;
}

const PAGE = 65536;
/** Pages at most: 2 GiB. */
const MOST_PAGES = 32768;
/** Bytes below belong to the crew. */
const FREE_FROM = 4096;
/** Parts into which work is cut, whoever does them. */
export const PARTS = 16;
/** Products from which it is cut at all. */
const CUT_FROM = 20_000;

let home: Home | null | undefined;
const lots = new FinalizationRegistry<[start: number, bytes: number]>((lot) => home?.heap.giveBack(...lot));

/** Zeroed memory for arrays of so many bytes that belong to an object; it is free again when that is gone. */
export function lotFor(owner: object, sizes: readonly number[]): Lot {
  if (home === undefined) home = found() ?? null;
  const places: number[] = [];
  let bytes = 0;
  for (const size of sizes) {
    places.push(bytes);
    bytes += Math.ceil(size / 64) * 64;
  }
  const start = home?.heap.take(bytes);
  if (start === undefined) return { kernels: undefined, at: places, buffer: new ArrayBuffer(bytes) };
  const { kernels, memory } = home!;
  lots.register(owner, [start, bytes]);
  new Uint8Array(memory.buffer, start, bytes).fill(0);
  return { kernels, at: places.map((place) => start + place), buffer: memory.buffer };
}

/**
 * Calls a kernel for the rows between bounds that rise, one part after the other or shared out to threads.
 *
 * @param work products, which decide whether threads are worth their while
 * @param bounds gives the first row of each of so many parts, and the one behind the last
 */
export function inParts(
  name: (typeof SHARED_KERNELS)[number],
  plan: number,
  work: number,
  bounds: (parts: number) => number[],
): void {
  const { module, memory, kernels } = home!;
  const rows = bounds(work < CUT_FROM ? 1 : PARTS);
  const crew = crewFor(work, (size) => new Crew(size, { module, memory, names: SHARED_KERNELS }));
  if (crew !== undefined) return crew.perform(SHARED_KERNELS.indexOf(name), plan, rows, kernels[name]);
  for (let part = 0; part + 1 < rows.length; part++) kernels[name](plan, rows[part]!, rows[part + 1]!);
}

function found(): Home | undefined {
  const module = moduleOf(wasmBase64);
  if (module === undefined) return undefined;
  let memory: WebAssembly.Memory;
  try {
    memory = new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES, shared: true });
  } catch {
    return undefined; // an engine without shared memory, or without room for it
  }
  const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports as SparseSimd;
  return { module, memory, kernels, heap: new Heap(FREE_FROM, (size) => reach(memory, size)) };
}

/** Grows a memory to at least so many bytes. @returns whether it could */
function reach(memory: WebAssembly.Memory, bytes: number): boolean {
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / PAGE);
  if (missing <= 0) return true;
  if (memory.buffer.byteLength / PAGE + missing > MOST_PAGES) return false;
  try {
    memory.grow(missing);
    return true;
  } catch {
    return false;
  }
}
