import { flattenTree } from "@ganglion/tensor";
import type { Tree } from "@ganglion/tensor";
import { checkSetting } from "./check.ts";
import { leafwise } from "./leaves.ts";
import type { Optimiser } from "./optimiser.ts";

/** Just below 1: what rounding adds to a scaled gradient's norm is less. */
const margin = 1 - 2 ** -22;

/**
 * Root of the sum of all squared elements of a tree, added up in float64, leaf by leaf.
 *
 * @param tree tree of float tensors
 */
export function globalNorm(tree: Tree): number {
  let total = 0;
  for (const { data } of flattenTree(tree).leaves) {
    for (let i = 0; i < data.length; i++) total += data[i]! * data[i]!;
  }
  return Math.sqrt(total);
}

/**
 * Scales gradients down to a global norm of `max` where theirs is larger: `g * min(1, max / |g|)`.
 *
 * All leaves are scaled alike, so the direction stays; shorter gradients pass bit for bit.
 *
 * `chain(clipByGlobalNorm(1), sgd())`
 *
 * @param max above 0
 * @throws ConfigError when `max` is not above 0
 * @see Pascanu et al. 2013, arXiv:1211.5063
 */
export function clipByGlobalNorm(max: number): Optimiser<Record<string, never>> {
  checkSetting("clipByGlobalNorm", "max above 0", max, max > 0);
  return {
    init: () => ({}),
    update<Params extends Tree>(grads: Params, state: Record<string, never>) {
      const norm = globalNorm(grads);
      if (norm <= max) return { updates: grads, state };
      const { updates } = leafwise("clipByGlobalNorm", { grads }, ["updates"], (from, to, round) => {
        const scale = round((max / norm) * margin);
        const { grads: g } = from;
        const { updates: scaled } = to;
        for (let i = 0; i < scaled.length; i++) scaled[i] = round(scale * g[i]!);
      });
      return { updates: updates as Params, state };
    },
  };
}
