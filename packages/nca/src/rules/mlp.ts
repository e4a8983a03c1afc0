import { ConfigError, type Key, type Tensor, add, matmul, normal, relu, split, tanh, zeros } from "@ganglion/tensor";
import { checkCount } from "../check.ts";
import type { PerceptronWeights, Rule } from "../rule.ts";

/** Settings of `mlp`. */
export interface MlpConfig {
  /** Length of a perception: `neighbourhood * channels`. */
  readonly inputs: number;
  /** Length of what comes out: `channels`. */
  readonly outputs: number;
  /** Hidden neurons, at least 1. Default 48. */
  readonly hidden?: number;
  /** Activation of the hidden neurons. Default `relu`. */
  readonly activation?: (x: Tensor) => Tensor;
  /** Standard deviations of the weights at the start. Default `sqrt(2 / inputs)` and `sqrt(1 / hidden)`. */
  readonly deviations?: { readonly w1?: number; readonly w2?: number };
}

/** Parameters of `mlp`. */
export type MlpParams = { readonly [name in keyof PerceptronWeights]: Tensor };

/**
 * A perceptron with one hidden layer as a rule. With `deviations: { w2: 0 }` and a residual update it starts as a rule that
 * changes nothing.
 *
 * @throws ConfigError when a count or a deviation is out of range
 * @see Mordvintsev et al. 2020, doi:10.23915/distill.00023
 */
export function mlp({
  inputs,
  outputs,
  hidden = 48,
  activation = relu,
  deviations: { w1 = Math.sqrt(2 / inputs), w2 = Math.sqrt(1 / hidden) } = {},
}: MlpConfig): Rule<MlpParams> {
  for (const [name, count] of Object.entries({ inputs, outputs, hidden })) checkCount("mlp", name, count);
  for (const [name, deviation] of Object.entries({ w1, w2 })) checkDeviation(name, deviation);
  const kernel = activation === relu ? "relu" : activation === tanh ? "tanh" : undefined;
  return {
    init: (key) => {
      const [first, second] = split(key) as [Key, Key];
      return {
        w1: normal(first, [inputs, hidden], { deviation: w1 }),
        b1: zeros([hidden]),
        w2: normal(second, [hidden, outputs], { deviation: w2 }),
        b2: zeros([outputs]),
      };
    },
    apply: (params, x) => add(matmul(activation(add(matmul(x, params.w1), params.b1)), params.w2), params.b2),
    fused: kernel && {
      kind: "perceptron",
      inputs,
      outputs,
      hidden,
      activation: kernel,
      weights: (params) => params,
      params: (weights) => ({ ...weights }),
    },
  };
}

function checkDeviation(name: string, deviation: number): void {
  if (Number.isFinite(deviation) && deviation >= 0) return;
  throw new ConfigError(
    "mlp",
    `expected deviations.${name} from 0, received ${deviation}. Leave it out for the default?`,
  );
}
