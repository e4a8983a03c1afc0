import { type Tensor, add, expandDims, matmul, mul, oneHot, sum, transpose } from "@ganglion/tensor";
import type { ExpertParams } from "./params.ts";
import type { Routes } from "./route.ts";

/**
 * Mixture output in which every expert computes every row and gates of 0 hide what was not chosen: the reference
 * that the sparse dispatch is tested against.
 *
 * @param x `[rows, inputs]`
 * @returns `[rows, outputs]`
 */
export function denseDispatch(
  { w1, b1, w2, b2 }: ExpertParams,
  x: Tensor,
  routes: Routes,
  activation: (x: Tensor) => Tensor,
): Tensor {
  const hidden = activation(add(matmul(expandDims(x, 0), w1), expandDims(b1, 1)));
  const output = add(matmul(hidden, w2), expandDims(b2, 1));
  return sum(mul(output, expandDims(gateTable(routes, w1.shape[0]!), 2)), 0);
}

/** Gates spread over all experts, `[experts, rows]`, 0 where an expert was not chosen. */
function gateTable(routes: Routes, experts: number): Tensor {
  const chosen = oneHot(routes.experts, experts, routes.gates.dtype);
  return transpose(sum(mul(chosen, expandDims(routes.gates, 2)), 1));
}
