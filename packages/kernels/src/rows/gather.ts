import type { Values } from "../elementwise/binary-loops.ts";
import { kernelsAt } from "../reserve.ts";
import type { Simd } from "../simd.ts";

/** Elements of any dtype. */
export type Elements = Values | Int32Array | Uint8Array | Int8Array;

/** Where rows of one length stand in two arrays. */
export interface RowPlaces {
  /** Elements of a row. */
  readonly length: number;
  /** First element of `x` and of `out`. */
  readonly xStart: number;
  readonly outStart: number;
}

/**
 * Rows by their indices: `out[row] = x[indices[row]]`.
 *
 * Float32 rows in the kernels' memory (see `reserve`) are moved in SIMD.
 *
 * @param indices each a row of `x`; not checked
 */
export function takeRows(x: Elements, indices: Int32Array, out: Elements, places: RowPlaces): void {
  const { length, xStart, outStart } = places;
  const kernels = simdFor(x, indices, out);
  if (kernels !== undefined) return call(kernels, "takeRows", x, indices, out, places);
  for (let row = 0, to = outStart; row < indices.length; row++, to += length) {
    const from = xStart + indices[row]! * length;
    if (length >= LONG) out.set(x.subarray(from, from + length), to);
    else for (let i = 0; i < length; i++) out[to + i] = x[from + i]!;
  }
}

/** Shorter rows are copied faster element by element. */
const LONG = 64;

/**
 * Adds rows to those that their indices name, one after the other: `out[indices[row]] += x[row]`.
 *
 * Float32 rows in the kernels' memory (see `reserve`) are added in SIMD, with the same bits.
 *
 * @param indices each a row of `out`; not checked
 */
export function addRows(x: Elements, indices: Int32Array, out: Elements, places: RowPlaces): void {
  const { length, xStart, outStart } = places;
  const kernels = simdFor(x, indices, out);
  if (kernels !== undefined) return call(kernels, "addRows", x, indices, out, places);
  for (let row = 0, from = xStart; row < indices.length; row++) {
    const to = outStart + indices[row]! * length;
    for (let i = 0; i < length; i++, from++) out[to + i]! += x[from]!;
  }
}

function simdFor(x: Elements, indices: Int32Array, out: Elements): Simd | undefined {
  return x instanceof Float32Array && out instanceof Float32Array ? kernelsAt(x, indices, out) : undefined;
}

function call(
  kernels: Simd,
  name: "takeRows" | "addRows",
  x: Elements,
  indices: Int32Array,
  out: Elements,
  { length, xStart, outStart }: RowPlaces,
): void {
  const [from, to] = [x.byteOffset + 4 * xStart, out.byteOffset + 4 * outStart];
  kernels[name](from, indices.byteOffset, to, indices.length, 4 * length);
}
