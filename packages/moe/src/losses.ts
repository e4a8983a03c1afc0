import { type Tensor, fromData, logSumExp, mean, mul, softmax, square, sum } from "@ganglion/tensor";
import { checkMatrix } from "./check.ts";
import { shares } from "./utilisation.ts";

/**
 * Switch Transformer's balance loss: `experts * sum_e share_e * probability_e`, which is 1 when the load is even.
 *
 * `share` is the part of all assignments that an expert got (a constant for the gradient), `probability` the mean of the
 * router's softmax over all experts. Deviation from the paper: with `k > 1` every one of the `k` choices counts.
 *
 * @param logits router scores `[rows, experts]`
 * @param chosen chosen experts, int32 `[rows, k]`
 * @returns scalar, in [0, experts]; 0 when there are no rows
 * @throws ShapeError when `logits` is not a matrix
 * @see Fedus et al. 2021, arXiv:2101.03961, equations 4 to 6
 */
export function loadBalancingLoss(logits: Tensor, chosen: Tensor): Tensor {
  checkMatrix("loadBalancingLoss", "logits", logits, "experts");
  const [rows, experts] = logits.shape as [number, number];
  if (rows === 0) return sum(logits);
  const share = new (logits.dtype === "float64" ? Float64Array : Float32Array)(shares(chosen, experts));
  const probability = mean(softmax(logits, -1), 0);
  return mul(sum(mul(probability, fromData(share, [experts]))), experts);
}

/**
 * Mean squared log-partition of the router, which keeps its scores small.
 *
 * @param logits router scores `[rows, experts]`
 * @returns scalar, at least 0; 0 when there are no rows
 * @throws ShapeError when `logits` is not a matrix
 * @see Zoph et al. 2022, arXiv:2202.08906, equation 5
 */
export function routerZLoss(logits: Tensor): Tensor {
  checkMatrix("routerZLoss", "logits", logits, "experts");
  if (logits.shape[0] === 0) return sum(logits);
  return mean(square(logSumExp(logits, -1)));
}
