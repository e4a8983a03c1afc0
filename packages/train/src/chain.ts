import type { Tree } from "@ganglion/tensor";
import type { Optimiser } from "./optimiser.ts";

/**
 * Optimisers one after the other: the updates of each are the gradients of the next.
 *
 * `chain(clipByGlobalNorm(1), adam({ learningRate: 0.003 }))`
 *
 * @returns optimiser whose state is the list of the parts' states
 */
export function chain(...parts: readonly Optimiser[]): Optimiser<readonly Tree[]> {
  return {
    init: (params) => parts.map((part) => part.init(params)),
    update<Params extends Tree>(grads: Params, state: readonly Tree[], params: Params) {
      let updates = grads;
      const next: Tree[] = [];
      for (const [index, part] of parts.entries()) {
        const made = part.update(updates, state[index]!, params);
        updates = made.updates;
        next.push(made.state);
      }
      return { updates, state: next };
    },
  };
}
