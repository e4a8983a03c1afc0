import type { Tensor } from "@ganglion/tensor";

/** How a fired cell takes over what its rule computed. */
export interface Update {
  /** Name for logs and cards. */
  readonly name: string;
  /**
   * Next channels of the fired cells.
   *
   * @param current channels before the step, without inputs, `[rows, channels]`
   * @param output the rule's output `[rows, channels]`
   * @returns `[rows, channels]`
   */
  apply(current: Tensor, output: Tensor): Tensor;
  /** What `apply` computes, for kernels that know it: `tanh(output)`, or `current + scale * output`; else absent. */
  readonly fused?: "tanh" | { readonly scale: number } | undefined;
}
