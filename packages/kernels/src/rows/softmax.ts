import { log } from "../math64/exponential.ts";
import { log32 } from "../math32.ts";
import { kernelsAt } from "../reserve.ts";
import { mapUnary } from "../unary/map-unary.ts";

/**
 * `e^x` of every row divided by its sum, from differences to the row's largest element.
 *
 * @param x `[rows, length]`
 * @param out like `x`
 */
export function softmaxRows<Values extends Float32Array | Float64Array>(
  x: Values,
  out: Values,
  rows: number,
  length: number,
): void {
  const kernels = x instanceof Float32Array ? kernelsAt(x, x, out) : undefined;
  if (kernels !== undefined) return kernels.softmaxRows(x.byteOffset, out.byteOffset, rows, length);
  const { totals } = exponentials(x, out, rows, length);
  for (let row = 0; row < rows; row++) {
    for (let i = row * length; i < (row + 1) * length; i++) out[i] = out[i]! / totals[row]!;
  }
}

/**
 * Logarithm of the softmax of every row, without computing the softmax.
 *
 * @param x `[rows, length]`
 * @param out like `x`
 */
export function logSoftmaxRows<Values extends Float32Array | Float64Array>(
  x: Values,
  out: Values,
  rows: number,
  length: number,
): void {
  const kernels = x instanceof Float32Array ? kernelsAt(x, x, out) : undefined;
  if (kernels !== undefined) return kernels.logSoftmaxRows(x.byteOffset, out.byteOffset, rows, length);
  const { shifts, totals } = exponentials(x, out, rows, length);
  const logarithm = x instanceof Float32Array ? log32 : log;
  for (let row = 0; row < rows; row++) {
    const logTotal = logarithm(totals[row]!);
    for (let i = row * length; i < (row + 1) * length; i++) out[i] = x[i]! - shifts[row]! - logTotal;
  }
}

/** Logarithm of the sum of `e^x` of every row, `[rows]`. */
export function logSumExpRows<Values extends Float32Array | Float64Array>(
  x: Values,
  out: Values,
  rows: number,
  length: number,
): void {
  const { shifts, totals } = exponentials(x, x.slice() as Values, rows, length);
  const logarithm = x instanceof Float32Array ? log32 : log;
  for (let row = 0; row < rows; row++) out[row] = shifts[row]! + logarithm(totals[row]!);
}

/** Leaves `e^(x - shift)` in `out`; the shift of a row is its largest element, or 0 when that is not finite. */
function exponentials<Values extends Float32Array | Float64Array>(
  x: Values,
  out: Values,
  rows: number,
  length: number,
): { shifts: Float64Array; totals: Float64Array } {
  const shifts = new Float64Array(rows);
  const totals = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let largest = -Infinity;
    for (let i = row * length; i < (row + 1) * length; i++) largest = Math.max(largest, x[i]!);
    shifts[row] = Number.isFinite(largest) ? largest : 0;
    for (let i = row * length; i < (row + 1) * length; i++) out[i] = x[i]! - shifts[row]!;
  }
  mapUnary("exp", out, out);
  for (let row = 0; row < rows; row++) {
    for (let i = row * length; i < (row + 1) * length; i++) totals[row]! += out[i]!;
  }
  return { shifts, totals };
}
