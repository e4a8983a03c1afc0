import { ConfigError, add, mul } from "@ganglion/tensor";
import type { Update } from "./update.ts";

/** Settings of `residual`. */
export interface ResidualConfig {
  /** Factor of the rule's output, finite. Default 1. */
  readonly scale?: number;
}

/**
 * A fired cell keeps its channels and adds `scale * output`.
 *
 * @throws ConfigError when `scale` is not finite
 * @see Mordvintsev et al. 2020, doi:10.23915/distill.00023
 */
export function residual({ scale = 1 }: ResidualConfig = {}): Update {
  if (!Number.isFinite(scale)) {
    throw new ConfigError("residual", `expected a finite scale, received ${scale}. Use a number such as 1 or 0.1?`);
  }
  return { name: "residual", apply: (current, output) => add(current, mul(output, scale)), fused: { scale } };
}
