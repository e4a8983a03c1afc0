import { key, normal, split } from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";
import type { LayerPlan, LayerWeights, Plan, Weights } from "../../src/index.ts";

/** Draws float64 tensors, one after another. */
export function drawer(seed: number, deviation = 0.6): (...shape: number[]) => Tensor {
  const keys = split(key(seed), 64);
  let next = 0;
  return (...shape) => normal(keys[next++]!, shape, { deviation, dtype: "float64" });
}

/** Random weights of a plan: everything that its parts may have. */
export function randomWeights(
  plan: Plan,
  seed: number,
  { width = 2, hidden = 3, gated = false, positions = true } = {},
): Weights {
  const draw = drawer(seed);
  const { features } = plan;
  const layer = ({ attention: { heads, groups, queryKeyEpsilon }, epsilon, mlp }: LayerPlan): LayerWeights => ({
    ...(epsilon === undefined ? {} : { attentionNorm: draw(features), mlpNorm: draw(features) }),
    query: draw(features, heads * width),
    queryBias: draw(heads * width),
    key: draw(features, groups * width),
    keyBias: draw(groups * width),
    value: draw(features, groups * width),
    valueBias: draw(groups * width),
    output: draw(heads * width, features),
    ...(queryKeyEpsilon === undefined ? {} : { queryNorm: draw(width), keyNorm: draw(width) }),
    ...(mlp === undefined
      ? {}
      : {
          mlp: {
            up: draw(features, hidden),
            upBias: draw(hidden),
            ...(gated ? { gate: draw(features, hidden), gateBias: draw(hidden) } : {}),
            down: draw(hidden, Array.isArray(mlp.residual) ? mlp.residual.length : features),
          },
        }),
  });
  const layers = plan.layers.map(layer);
  const last = plan.layers.at(-1)!.mlp?.residual;
  return {
    embedding: draw(plan.vocabulary, features),
    ...(positions ? { positions: draw(plan.length, features) } : {}),
    layers,
    ...(plan.epsilon === undefined ? {} : { norm: draw(features) }),
    ...(Array.isArray(last) ? {} : { head: draw(features, plan.vocabulary) }),
  };
}
