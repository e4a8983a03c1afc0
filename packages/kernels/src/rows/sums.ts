import { kernelsAt } from "../reserve.ts";
import type { Values } from "../elementwise/binary-loops.ts";

/**
 * Sums of rows, added up in float64 from the first element on.
 *
 * @param x `[rows, length]`
 * @param out `[rows]`
 */
export function sumRows(x: Values, out: Values, rows: number, length: number): void {
  const kernels = x instanceof Float32Array && out instanceof Float32Array ? kernelsAt(x, x, out) : undefined;
  if (kernels !== undefined) return kernels.sumRows(x.byteOffset, out.byteOffset, rows, length);
  for (let row = 0; row < rows; row++) {
    let total = 0;
    for (let i = row * length; i < (row + 1) * length; i++) total += x[i]!;
    out[row] = total;
  }
}

/**
 * Sums of columns, added up in float64 from the first row on.
 *
 * @param x `[rows, length]`
 * @param out `[length]`
 */
export function sumColumns(x: Values, out: Values, rows: number, length: number): void {
  const kernels = x instanceof Float32Array && out instanceof Float32Array ? kernelsAt(x, x, out) : undefined;
  if (kernels !== undefined) return kernels.sumColumns(x.byteOffset, out.byteOffset, rows, length);
  const totals = new Float64Array(length);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < length; i++) totals[i]! += x[row * length + i]!;
  }
  out.set(totals);
}
