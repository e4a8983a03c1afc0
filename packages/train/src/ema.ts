import { add, equal, mul, sub, tensor, where } from "@ganglion/tensor";
import type { Tensor, Tree } from "@ganglion/tensor";
import { checkShare } from "./check.ts";
import { leafwise, nextCount, numbersOf, scalarLike } from "./leaves.ts";

/** A running average of parameters. */
export type EmaState = {
  /** Updates so far, int32 scalar. */
  readonly count: Tensor;
  /** The average, in the structure of the parameters. */
  readonly average: Tree;
};

/** An averaging rule: three pure functions over trees. */
export interface Ema {
  /** State before the first update. */
  init(params: Tree): EmaState;
  /** State after one more set of parameters. */
  update(state: EmaState, params: Tree): EmaState;
  /** The average: the weights to evaluate and to ship. */
  params(state: EmaState): Tree;
}

/**
 * Exponential moving average of weights: `average' = average + (1 - d) * (params - average)`.
 *
 * In update number t, counted from 0, `d = min(decay, 1 - 1 / (t / 8 + 1))`: the first update copies the parameters,
 * and the random start is forgotten quickly, so the average needs no correction.
 *
 * @param decay share of the average kept per update in the long run, in [0, 1)
 * @throws ConfigError when `decay` is outside its range
 * @see Polyak & Juditsky 1992, doi:10.1137/0330046; Tarvainen & Valpola 2017, arXiv:1703.01780
 */
export function ema(decay: number): Ema {
  checkShare("ema", "decay", decay);
  return {
    init: (params) => ({ count: tensor(0, "int32"), average: params }),
    update(state, params) {
      const share = numbersOf(state.count, 1, (before) => [1 - Math.min(decay, 1 - 1 / (before / 8 + 1))]);
      const inputs = { params, average: state.average };
      const isFirst = equal(state.count, tensor(0, "int32"));
      const { average } = leafwise("ema", inputs, ["average"], ({ params: p, average: old }) => ({
        average: where(isFirst, p, add(old, mul(sub(p, old), scalarLike(share, p)))),
      }));
      return { count: nextCount(state.count), average };
    },
    params: (state) => state.average,
  };
}
