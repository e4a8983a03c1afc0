import { gemm } from "./gemm.ts";
import type { Matrix } from "./gemm-reference.ts";

/** Lengths of a grouped product. */
export interface GroupedShape {
  /** Rows of `x` and `out`; those past the last group become 0. */
  readonly rows: number;
  /** Columns of `x`. */
  readonly inputs: number;
  /** Columns of `out`. */
  readonly outputs: number;
  /** Weights are `[groups, outputs, inputs]` and used transposed; default false. */
  readonly transposeWeights?: boolean;
}

/**
 * Multiplies consecutive groups of rows, each by its own matrix.
 *
 * @param x `[rows, inputs]`
 * @param weights `[groups, inputs, outputs]`
 * @param sizes `[groups]`, rows of each group
 * @param out `[rows, outputs]`
 */
export function groupedGemm<Values extends Matrix>(
  x: Values,
  weights: Values,
  sizes: Int32Array,
  out: Values,
  { rows, inputs, outputs, transposeWeights = false }: GroupedShape,
): void {
  let row = 0;
  for (let group = 0; group < sizes.length; group++) {
    const m = sizes[group]!;
    if (m > 0) {
      gemm({
        m,
        n: outputs,
        k: inputs,
        a: x,
        b: weights,
        out,
        transposeB: transposeWeights,
        aOffset: row * inputs,
        bOffset: group * inputs * outputs,
        outOffset: row * outputs,
      });
    }
    row += m;
  }
  out.fill(0, row * outputs, rows * outputs);
}

/**
 * Gradient of `groupedGemm` with respect to its weights: per group, the rows' inputs transposed times their gradients.
 *
 * @param x `[rows, inputs]`
 * @param g `[rows, outputs]`
 * @param sizes `[groups]`, rows of each group
 * @param out `[groups, inputs, outputs]`; 0 for an empty group
 */
export function groupedOuter<Values extends Matrix>(
  x: Values,
  g: Values,
  sizes: Int32Array,
  out: Values,
  { inputs, outputs }: { readonly inputs: number; readonly outputs: number },
): void {
  let row = 0;
  for (let group = 0; group < sizes.length; group++) {
    const k = sizes[group]!;
    gemm({
      m: inputs,
      n: outputs,
      k,
      a: x,
      b: g,
      out,
      transposeA: true,
      aOffset: row * inputs,
      bOffset: row * outputs,
      outOffset: group * inputs * outputs,
    });
    row += k;
  }
}
