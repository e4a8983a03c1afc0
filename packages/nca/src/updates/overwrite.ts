import { type Tensor, tanh } from "@ganglion/tensor";
import type { Update } from "./update.ts";

/** Settings of `overwrite`. */
export interface OverwriteConfig {
  /** Applied to the rule's output. Default `tanh`, which keeps every channel in [-1, 1] however many steps follow. */
  readonly activation?: (x: Tensor) => Tensor;
}

/** A fired cell forgets its channels and becomes `activation(output)`. */
export function overwrite({ activation = tanh }: OverwriteConfig = {}): Update {
  const apply: Update["apply"] = (_current, output) => activation(output);
  return { name: "overwrite", apply, fused: activation === tanh ? "tanh" : undefined };
}
