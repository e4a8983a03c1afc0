import { add, mul, tensor } from "@ganglion/tensor";
import type { Tensor, Tree } from "@ganglion/tensor";
import { checkRate, checkShare } from "./check.ts";
import { leafwise, nextCount, numbersOf, scalarLike, zerosLike } from "./leaves.ts";
import { rateAt } from "./optimiser.ts";
import type { Optimiser, Schedule } from "./optimiser.ts";

/** Settings of `sgd`. */
export interface SgdConfig {
  /** Step length, from 0; 0.01 by default. */
  readonly learningRate?: number | Schedule;
  /** Share of the velocity kept per update, in [0, 1); 0 by default. */
  readonly momentum?: number;
}

/** What `sgd` remembers. */
export type SgdState = {
  /** Updates so far, int32 scalar. */
  readonly count: Tensor;
  /** Decaying sum of gradients, in the structure of the parameters. */
  readonly velocity: Tree;
};

/**
 * Stochastic gradient descent with heavy-ball momentum: `v' = momentum * v + g`, update `-learningRate * v'`.
 *
 * `sgd({ learningRate: 0.1, momentum: 0.9 })`
 *
 * @throws ConfigError when a setting is outside its range
 * @see Polyak 1964, doi:10.1016/0041-5553(64)90137-5; Sutskever et al. 2013, proceedings.mlr.press/v28/sutskever13
 */
export function sgd({ learningRate = 0.01, momentum = 0 }: SgdConfig = {}): Optimiser<SgdState> {
  checkRate("sgd", learningRate);
  checkShare("sgd", "momentum", momentum);
  return {
    init: (params) => ({ count: tensor(0, "int32"), velocity: zerosLike(params) }),
    update<Params extends Tree>(grads: Params, state: SgdState, params: Params) {
      const count = nextCount(state.count);
      const scale = numbersOf(count, 1, (step) => [-rateAt(learningRate, step)]);
      const inputs = { params, grads, velocity: state.velocity };
      const { updates, velocity } = leafwise("sgd", inputs, ["updates", "velocity"], (leaf) => {
        const next = add(mul(leaf.velocity, momentum), leaf.grads);
        return { updates: mul(next, scalarLike(scale, next)), velocity: next };
      });
      return { updates: updates as Params, state: { count, velocity } };
    },
  };
}
