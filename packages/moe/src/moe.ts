import { ConfigError, type Key, type Tensor, mul, relu, zeros } from "@ganglion/tensor";
import { checkCount, checkMatrix, checkWeight } from "./check.ts";
import { denseDispatch } from "./dense.ts";
import { loadBalancingLoss, routerZLoss } from "./losses.ts";
import { type ExpertParams, type MoeDeviations, type MoeParams, initParams } from "./params.ts";
import { route } from "./route.ts";
import { sparseDispatch } from "./sparse.ts";

/** Settings of a mixture of experts. */
export interface MoeConfig {
  /** Length of a row that goes in. */
  readonly inputs: number;
  /** Length of a row that comes out. */
  readonly outputs: number;
  /** Number of experts, at least 1. Default 6. */
  readonly experts?: number;
  /** Experts per row, in [1, experts]. Default 2, or 1 when there is a single expert. */
  readonly topK?: number;
  /** Hidden neurons of each expert. Default 32. */
  readonly hidden?: number;
  /** Activation of the hidden neurons. Default `relu`. */
  readonly activation?: (x: Tensor) => Tensor;
  /** Weight of the balance loss, at least 0. Default 0: not computed. */
  readonly balance?: number;
  /** Weight of the router's z loss, at least 0. Default 0: not computed. */
  readonly z?: number;
  /** `sparse` computes the chosen experts only; `dense` computes all of them and is the reference. Default `sparse`. */
  readonly dispatch?: "sparse" | "dense";
  /** Standard deviations of the weights at the start. */
  readonly deviations?: MoeDeviations;
}

/** What a mixture returns for `[rows, inputs]`. */
export type MoeOutput = {
  /** `[rows, outputs]`: the chosen experts' outputs, weighted by their gates. */
  readonly output: Tensor;
  /** Scalars to be added to a training loss, each already multiplied by its weight in the config. */
  readonly losses: { readonly balance: Tensor; readonly z: Tensor };
  /** `experts` int32 `[rows, k]`, best first, and their `gates` `[rows, k]`, which sum to 1 in every row. */
  readonly info: { readonly experts: Tensor; readonly gates: Tensor };
};

/** A mixture of experts as a layer; it also fits wherever a rule over rows is asked for. */
export interface Moe {
  readonly inputs: number;
  readonly outputs: number;
  readonly experts: number;
  readonly topK: number;
  readonly hidden: number;
  /** Draws float32 parameters. */
  init(key: Key): MoeParams;
  /**
   * Routes every row to its `topK` experts and mixes their outputs.
   *
   * @param x `[rows, inputs]`, of the parameters' dtype; no rows are fine
   * @throws ShapeError when `x` is not `[rows, inputs]`
   */
  apply(params: MoeParams, x: Tensor): MoeOutput;
  /** What `apply` computes, for kernels that know mixtures; absent for another activation, and for the dense dispatch. */
  readonly fused: FusedMoe | undefined;
}

/** A mixture as numbers and tensors. */
export interface FusedMoe {
  readonly kind: "mixture";
  readonly inputs: number;
  readonly outputs: number;
  readonly hidden: number;
  readonly experts: number;
  readonly topK: number;
  /** Weights of the losses. */
  readonly losses: { readonly balance: number; readonly z: number };
  /** The tensors in `params`. */
  weights(params: MoeParams): FusedMoeWeights;
  /** The inverse of `weights`. */
  params(weights: FusedMoeWeights): MoeParams;
}

/** The tensors of a mixture by name. */
export interface FusedMoeWeights extends ExpertParams {
  readonly routerWeight: Tensor;
  readonly routerBias: Tensor;
}

/**
 * Sparse mixture of experts: a linear router picks `topK` of `experts` two-layer perceptrons for every row, and only those are
 * computed, forward and backward.
 *
 * @throws ConfigError when a count, `topK`, a weight, a deviation or `dispatch` is out of range
 * @see Shazeer et al. 2017, arXiv:1701.06538. Deviations: no noise on the router, no capacity limit (no row is ever dropped)
 */
export function moe({
  inputs,
  outputs,
  experts = 6,
  topK = Math.min(2, experts),
  hidden = 32,
  activation = relu,
  balance = 0,
  z = 0,
  dispatch = "sparse",
  deviations: { router = 0.1, w1 = Math.sqrt(2 / inputs), w2 = Math.sqrt(1 / hidden) } = {},
}: MoeConfig): Moe {
  for (const [name, count] of Object.entries({ inputs, outputs, experts, topK, hidden }))
    checkCount("moe", name, count);
  for (const [name, weight] of Object.entries({ balance, z })) checkWeight("moe", name, weight);
  for (const [name, deviation] of Object.entries({ router, w1, w2 }))
    checkWeight("moe", `deviations.${name}`, deviation);
  checkTopK(topK, experts);
  const mix = dispatches[checkDispatch(dispatch)];
  const known = activation === relu && dispatch === "sparse";

  return {
    inputs,
    outputs,
    experts,
    topK,
    hidden,
    fused: known
      ? { kind: "mixture", inputs, outputs, hidden, experts, topK, losses: { balance, z }, ...tensors }
      : undefined,
    init: (key) => initParams(key, { inputs, outputs, experts, hidden }, { router, w1, w2 }),
    apply: (params, x) => {
      checkMatrix("moe", "x", x, "inputs", inputs);
      const routes = route(params.router, x, topK);
      return {
        output: mix(params.experts, x, routes, activation),
        losses: {
          balance: weighted(balance, x, () => loadBalancingLoss(routes.logits, routes.experts)),
          z: weighted(z, x, () => routerZLoss(routes.logits)),
        },
        info: { experts: routes.experts, gates: routes.gates },
      };
    },
  };
}

const tensors = {
  weights: ({ router, experts }: MoeParams): FusedMoeWeights => ({
    routerWeight: router.weight,
    routerBias: router.bias,
    ...experts,
  }),
  params: ({ routerWeight, routerBias, w1, b1, w2, b2 }: FusedMoeWeights): MoeParams => ({
    router: { weight: routerWeight, bias: routerBias },
    experts: { w1, b1, w2, b2 },
  }),
};

const dispatches = { sparse: sparseDispatch, dense: denseDispatch };

/** The loss times its weight; a weight of 0 costs nothing. */
function weighted(weight: number, x: Tensor, loss: () => Tensor): Tensor {
  return weight === 0 ? zeros([], x.dtype) : mul(loss(), weight);
}

function checkTopK(topK: number, experts: number): void {
  if (topK <= experts) return;
  throw new ConfigError(
    "moe",
    `expected topK between 1 and ${experts} (experts), received ${topK}. Add experts or lower topK?`,
  );
}

function checkDispatch(dispatch: string): keyof typeof dispatches {
  if (dispatch === "sparse" || dispatch === "dense") return dispatch;
  throw new ConfigError(
    "moe",
    `expected dispatch to be sparse or dense, received ${dispatch}. Leave it out for sparse?`,
  );
}
