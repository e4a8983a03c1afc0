import {
  type Key,
  type Tensor,
  type Tree,
  add,
  cast,
  expandDims,
  flattenTree,
  gather,
  logSumExp,
  matmul,
  mean,
  mul,
  normal,
  oneHot,
  relu,
  softmax,
  split,
  square,
  sum,
  topK as best,
  transpose,
} from "@ganglion/tensor";
import type { FusedMixture, FusedWeights, Rule, RuleOutput } from "../src/index.ts";

/** Sizes of `mixtureRule`. */
export interface MixtureSizes {
  readonly channels: number;
  readonly experts: number;
  readonly topK: number;
  readonly hidden: number;
  readonly balance: number;
  readonly z: number;
}

type Params = { readonly [name in keyof FusedWeights]: Tensor };

/** A sparse mixture in dense tensor operations, with the description that kernels read. */
export function mixtureRule({ channels, experts, topK, hidden, balance, z }: MixtureSizes): Rule<Params> & {
  init(seed: Key, dtype?: "float32" | "float64"): Params;
  readonly fused: FusedMixture<Params>;
} {
  const inputs = 3 * channels;
  return {
    init(seed: Key, dtype: "float32" | "float64" = "float32") {
      const keys = split(seed, 6);
      const draw = (index: number, shape: readonly number[], deviation: number): Tensor =>
        normal(keys[index]!, shape, { deviation, dtype });
      return {
        routerWeight: draw(0, [inputs, experts], 0.4),
        routerBias: draw(1, [experts], 0.2),
        w1: draw(2, [experts, inputs, hidden], 1 / Math.sqrt(inputs)),
        b1: draw(3, [experts, hidden], 0.2),
        w2: draw(4, [experts, hidden, channels], 1 / Math.sqrt(hidden)),
        b2: draw(5, [experts, channels], 0.2),
      };
    },
    apply({ routerWeight, routerBias, w1, b1, w2, b2 }, x): RuleOutput {
      const logits = add(matmul(x, routerWeight), routerBias);
      const chosen = best(logits, topK).indices;
      const gates = softmax(gather(logits, chosen), -1);
      const table = sum(mul(oneHot(chosen, experts, x.dtype), expandDims(gates, 2)), 1);
      const neurons = relu(add(matmul(expandDims(x, 0), w1), expandDims(b1, 1)));
      const outputs = add(matmul(neurons, w2), expandDims(b2, 1));
      const columns = matmul(expandDims(table, 1), transpose(outputs, [1, 0, 2]));
      const share = mean(sum(oneHot(chosen, experts, x.dtype), 1), 0);
      const even = sum(mul(mul(share, 1 / topK), mean(softmax(logits, -1), 0)));
      return {
        output: sum(columns, 1),
        losses: { balance: mul(even, balance * experts), z: mul(mean(square(logSumExp(logits, -1))), z) },
        info: { experts: chosen, gates },
      };
    },
    fused: {
      kind: "mixture",
      inputs,
      outputs: channels,
      hidden,
      experts,
      topK,
      losses: { balance, z },
      weights: (params) => params,
      params: (weights) => ({ ...weights }),
    },
  };
}

/** Largest difference between the numbers of two trees of one structure. */
export function difference(a: Tree | object, b: Tree | object): number {
  const [x, y] = [a, b].map((tree) => flattenTree(tree as Tree).leaves.map((leaf) => cast(leaf, "float64").data));
  return x!.reduce(
    (largest, values, leaf) =>
      Math.max(largest, ...Array.from(values, (value, i) => Math.abs(value - (y![leaf]?.[i] ?? Number.NaN)))),
    x!.length === y!.length ? 0 : Number.POSITIVE_INFINITY,
  );
}
