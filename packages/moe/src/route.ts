import { type Tensor, add, matmul, softmax, topK } from "@ganglion/tensor";
import type { MoeParams } from "./params.ts";

/** Where every row goes, and with what weight. */
export interface Routes {
  /** Router scores `[rows, experts]`. */
  readonly logits: Tensor;
  /** Chosen experts, int32 `[rows, k]`, best first, ties to the lower index. */
  readonly experts: Tensor;
  /** Weights of the chosen experts `[rows, k]`, in (0, 1], summing to 1 in every row. */
  readonly gates: Tensor;
}

/**
 * Scores every expert for every row and keeps the `k` best, with a softmax over the kept scores only.
 *
 * @param x `[rows, inputs]`
 * @see Shazeer et al. 2017, arXiv:1701.06538 (without its noise)
 */
export function route(router: MoeParams["router"], x: Tensor, k: number): Routes {
  const logits = add(matmul(x, router.weight), router.bias);
  const chosen = topK(logits, k);
  return { logits, experts: chosen.indices, gates: softmax(chosen.values, -1) };
}
