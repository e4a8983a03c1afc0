import { customOperation, flattenTree, mul } from "@ganglion/tensor";
import type { Data, Tensor, Tree } from "@ganglion/tensor";
import { checkSetting } from "./check.ts";
import { leafwise, scalarLike } from "./leaves.ts";
import type { Optimiser } from "./optimiser.ts";

/** Just below 1: what rounding adds to a scaled gradient's norm is less. */
const margin = 1 - 2 ** -22;

/**
 * Root of the sum of all squared elements of a tree, added up in float64, leaf by leaf.
 *
 * @param tree tree of float tensors
 */
export function globalNorm(tree: Tree): number {
  return normOf(flattenTree(tree).leaves.map(({ data }) => data));
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
      const { leaves } = flattenTree(grads);
      const scale = scaleOf(max)(...leaves);
      const { updates } = leafwise("clipByGlobalNorm", { grads }, ["updates"], (leaf) => ({
        updates: mul(leaf.grads, scalarLike(scale, leaf.grads)),
      }));
      return { updates: updates as Params, state };
    },
  };
}

/** What gradients are multiplied with, float64 `[1]`: 1 unless their norm is above `max`. */
function scaleOf(max: number): (...leaves: readonly Tensor[]) => Tensor {
  return customOperation(
    "clip",
    () => ({ shape: [1], dtype: "float64" }),
    (leaves, out) => {
      const norm = normOf(leaves);
      out[0] = norm <= max ? 1 : (max / norm) * margin;
    },
  );
}

function normOf(leaves: readonly Data[]): number {
  let total = 0;
  for (const values of leaves) {
    for (let i = 0; i < values.length; i++) total += values[i]! * values[i]!;
  }
  return Math.sqrt(total);
}
