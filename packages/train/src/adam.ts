import { adam as adamUpdate } from "@ganglion/kernels";
import { customOperation, reshape, slice, tensor } from "@ganglion/tensor";
import type { Tensor, Tree } from "@ganglion/tensor";
import { checkRate, checkSetting, checkShare } from "./check.ts";
import { leafwise, nextCount, numbersOf, zerosLike } from "./leaves.ts";
import { rateAt } from "./optimiser.ts";
import type { Optimiser, Schedule } from "./optimiser.ts";

/** Settings of `adam`. */
export interface AdamConfig {
  /** Step length, from 0; 0.001 by default. */
  readonly learningRate?: number | Schedule;
  /** Share of the mean kept per update, in [0, 1); 0.9 by default. */
  readonly beta1?: number;
  /** Share of the mean square kept per update, in [0, 1); 0.999 by default. */
  readonly beta2?: number;
  /** Added to the root of the mean square, above 0; 1e-8 by default. */
  readonly epsilon?: number;
}

/** Settings of `adamW`. */
export interface AdamWConfig extends AdamConfig {
  /** Share of each parameter that a learning rate of 1 would take away per update, from 0; 0.01 by default. */
  readonly weightDecay?: number;
}

/** What `adam` and `adamW` remember. */
export type AdamState = {
  /** Updates so far, int32 scalar. */
  readonly count: Tensor;
  /** Decaying mean of gradients, in the structure of the parameters. */
  readonly mean: Tree;
  /** Decaying mean of squared gradients, in the structure of the parameters. */
  readonly square: Tree;
};

/**
 * Adam: gradients divided by the root of their mean square, both means corrected for their start at zero.
 *
 * `m' = beta1 * m + (1 - beta1) * g`, `s' = beta2 * s + (1 - beta2) * g^2`, and in update number t the change is
 * `-learningRate * (m' / (1 - beta1^t)) / (sqrt(s' / (1 - beta2^t)) + epsilon)`.
 *
 * `adam({ learningRate: 0.003, beta2: 0.99 })`
 *
 * @throws ConfigError when a setting is outside its range
 * @see Kingma & Ba 2015, arXiv:1412.6980
 */
export function adam(config: AdamConfig = {}): Optimiser<AdamState> {
  return adamLike("adam", config, 0);
}

/**
 * Adam with weight decay that does not pass through the means: Adam's update minus `learningRate * weightDecay * p`.
 *
 * `adamW({ learningRate: cosine({ peak: 0.003, steps: 2000, warmup: 50 }), weightDecay: 0.05 })`
 *
 * @throws ConfigError when a setting is outside its range
 * @see Loshchilov & Hutter 2019, arXiv:1711.05101
 */
export function adamW({ weightDecay = 0.01, ...config }: AdamWConfig = {}): Optimiser<AdamState> {
  checkSetting("adamW", "weightDecay from 0", weightDecay, weightDecay >= 0 && weightDecay < Infinity);
  return adamLike("adamW", config, weightDecay);
}

function adamLike(
  operation: string,
  { learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamConfig,
  weightDecay: number,
): Optimiser<AdamState> {
  checkRate(operation, learningRate);
  checkShare(operation, "beta1", beta1);
  checkShare(operation, "beta2", beta2);
  checkSetting(operation, "epsilon above 0", epsilon, epsilon > 0 && epsilon < Infinity);
  return {
    init: (params) => ({ count: tensor(0, "int32"), mean: zerosLike(params), square: zerosLike(params) }),
    update<Params extends Tree>(grads: Params, state: AdamState, params: Params) {
      const count = nextCount(state.count);
      const factors = numbersOf(count, 8, (step) => {
        const rate = rateAt(learningRate, step);
        const scale = -rate / (1 - power(beta1, step));
        const rootScale = 1 / Math.sqrt(1 - power(beta2, step));
        return [beta1, 1 - beta1, beta2, 1 - beta2, scale, rootScale, epsilon, rate * weightDecay];
      });
      const inputs = { params, grads, mean: state.mean, square: state.square };
      const made = leafwise(operation, inputs, ["updates", "mean", "square"], (leaf) => {
        const all = stepped(leaf.params, leaf.grads, leaf.mean, leaf.square, factors);
        const row = (index: number): Tensor => reshape(slice(all, [[index, index + 1]]), leaf.params.shape);
        return { updates: row(0), mean: row(1), square: row(2) };
      });
      return { updates: made.updates as Params, state: { count, mean: made.mean, square: made.square } };
    },
  };
}

/** Change, next mean and next mean square of one leaf, `[3, ...leaf.shape]`. */
const stepped = customOperation(
  "adam",
  ({ shape, dtype }) => ({ shape: [3, ...shape], dtype }),
  (operands, out) => {
    const [params, grads, mean, square, factors] = operands as [Floats, Floats, Floats, Floats, Float64Array];
    const [keep1, take1, keep2, take2, scale, rootScale, epsilon, shrink] = factors as unknown as Eight;
    const named = { keep1, take1, keep2, take2, scale, rootScale, epsilon, shrink };
    adamUpdate({ params, grads, mean, square }, named, out);
  },
);

type Floats = Float32Array | Float64Array;
type Eight = readonly [number, number, number, number, number, number, number, number];

/** `base` to a whole power by squaring: multiplications only, so the same bits on every engine. */
function power(base: number, exponent: number): number {
  let result = 1;
  for (let square = base, rest = exponent; rest > 0; rest = Math.floor(rest / 2), square *= square) {
    if (rest % 2 === 1) result *= square;
  }
  return result;
}
