import {
  type Tensor,
  add,
  expandDims,
  fromData,
  groupedMatmul,
  mul,
  reshape,
  segmentSum,
  take,
} from "@ganglion/tensor";
import type { ExpertParams } from "./params.ts";
import type { Routes } from "./route.ts";
import { groupByExpert } from "./sort.ts";

/**
 * Mixture output in which each expert computes only the rows that chose it.
 *
 * Assignments are sorted by expert, so that every expert multiplies one contiguous block of rows, and each row
 * adds its experts up in ascending order of their index, as the dense reference does.
 *
 * @param x `[rows, inputs]`
 * @returns `[rows, outputs]`
 */
export function sparseDispatch(
  { w1, b1, w2, b2 }: ExpertParams,
  x: Tensor,
  routes: Routes,
  activation: (x: Tensor) => Tensor,
): Tensor {
  const [rows, k] = routes.experts.shape as [number, number];
  // the one place where the routing is read as plain numbers: it decides which work exists
  const { order, experts, sizes } = groupByExpert(routes.experts.data, w1.shape[0]!);
  const assignment = fromData(order, [rows * k]);
  const row = fromData(
    order.map((place) => Math.floor(place / k)),
    [rows * k],
  );
  const expert = fromData(experts, [rows * k]);
  const counts = fromData(sizes, [sizes.length]);
  const hidden = activation(add(groupedMatmul(take(x, row), w1, counts), take(b1, expert)));
  const output = add(groupedMatmul(hidden, w2, counts), take(b2, expert));
  const gates = take(reshape(routes.gates, [rows * k]), assignment);
  return segmentSum(mul(output, expandDims(gates, 1)), row, rows);
}
