import { tensor } from "@ganglion/tensor";
import type { Tensor, Tree } from "@ganglion/tensor";
import { checkShare } from "./check.ts";
import { leafwise } from "./leaves.ts";

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
      const count = state.count.item();
      if (count === 0) return { count: tensor(1, "int32"), average: params };
      const kept = Math.min(decay, 1 - 1 / (count / 8 + 1));
      const { average } = leafwise("ema", { params, average: state.average }, ["average"], (from, to, round) => {
        const share = round(1 - kept);
        const { params: p, average: old } = from;
        const { average: next } = to;
        for (let i = 0; i < next.length; i++) next[i] = round(old[i]! + round(share * round(p[i]! - old[i]!)));
      });
      return { count: tensor(count + 1, "int32"), average };
    },
    params: (state) => state.average,
  };
}
