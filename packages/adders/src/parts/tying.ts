import { cos, matmul, mul, sin, transpose } from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";
import { turnPairs } from "./positions.ts";

/** A matrix made of two thin ones, `[inputs, rank]` and `[rank, outputs]`. */
export function lowRank(left: Tensor, right: Tensor): Tensor {
  return matmul(left, right);
}

/** The same matrix times a number that is learned, `[]` or `[1]`. */
export function scaled(matrix: Tensor, factor: Tensor): Tensor {
  return mul(matrix, factor);
}

/**
 * The same matrix with its outputs turned pair by pair (0 and 1, 2 and 3, ...) by one angle.
 *
 * @param matrix `[inputs, outputs]`, an even number of outputs
 * @param angle radians, `[]` or `[1]`
 */
export function rotated(matrix: Tensor, angle: Tensor): Tensor {
  return turnPairs(matrix, cos(angle), sin(angle), matrix.shape[1]!, true);
}

/** The transpose of a matrix whose outputs were turned: `transpose(rotated(matrix, angle))`. */
export function rotatedTranspose(matrix: Tensor, angle: Tensor): Tensor {
  return transpose(rotated(matrix, angle));
}
