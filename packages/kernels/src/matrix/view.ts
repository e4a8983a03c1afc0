import type { Matrix } from "./gemm-reference.ts";

/** A matrix in any storage order: element (i, j) stands at `offset + i * row + j * column`. */
export interface View<Values extends Matrix> {
  readonly values: Values;
  readonly offset: number;
  readonly row: number;
  readonly column: number;
}

/** A matrix stored row after row; with `transposed`, the matrix whose rows are the columns of `width` stored elements. */
export function view<Values extends Matrix>(
  values: Values,
  offset: number,
  width: number,
  transposed: boolean,
): View<Values> {
  return transposed ? { values, offset, row: 1, column: width } : { values, offset, row: width, column: 1 };
}
