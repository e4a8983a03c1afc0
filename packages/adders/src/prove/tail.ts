import { ConfigError } from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";
import type { TransformerAdder } from "../adder.ts";
import type { Activation } from "../parts/mlp.ts";
import { geluTanhOf, product, rmsNormOf, siluOf, weightedSum } from "./interval.ts";
import type { Interval } from "./interval.ts";

/** A number that the lead of a token's logit over all others exceeds, whatever the state behind attention in these bounds. */
export type Tail = (state: readonly Interval[], token: number) => number;

/** Activations that can be bounded. */
const bounds: Partial<Readonly<Record<Activation, (x: Interval) => Interval>>> = { geluTanh: geluTanhOf, silu: siluOf };

/**
 * The part of a one-layer model behind attention, over intervals.
 *
 * @throws ConfigError when it has other parts than a normed perceptron and a normed linear head
 */
export function tailOf({ plan, weights }: TransformerAdder): Tail {
  const [layer] = plan.layers;
  const [own] = weights.layers;
  const mlp = own?.mlp;
  const bounded = layer?.mlp === undefined ? undefined : bounds[layer.mlp.activation];
  const fits = plan.layers.length === 1 && layer?.mlp?.residual === "all" && layer.attention.residual === "all";
  if (
    !fits ||
    bounded === undefined ||
    mlp === undefined ||
    layer.epsilon === undefined ||
    plan.epsilon === undefined ||
    weights.head === undefined
  ) {
    throw new ConfigError(
      "prove",
      "expected one normed layer with a perceptron of geluTanh or silu units and a linear head",
    );
  }
  const { features } = plan;
  const ups = columnsOf(mlp.up);
  const gates = mlp.gate && columnsOf(mlp.gate);
  const downs = columnsOf(mlp.down);
  const heads = columnsOf(weights.head);
  const ones = Array.from({ length: features }, () => 1);
  const [mlpNorm, norm] = [Array.from(own!.mlpNorm?.data ?? ones), Array.from(weights.norm?.data ?? ones)];
  const [epsilon, lastEpsilon] = [layer.epsilon, plan.epsilon];
  return (x, token) => {
    const normed = rmsNormOf(x, mlpNorm, epsilon);
    const units = ups.map((row, unit) => {
      const raised = weightedSum(normed, row, mlp.upBias?.data[unit]);
      if (gates === undefined) return bounded(raised);
      return product(bounded(weightedSum(normed, gates[unit]!, mlp.gateBias?.data[unit])), raised);
    });
    const after = x.map((each, feature) =>
      weightedSum([each, ...units], [1, ...downs[feature]!], mlp.downBias?.data[feature]),
    );
    const last = rmsNormOf(after, norm, lastEpsilon);
    let least = Infinity;
    for (const [rival, row] of heads.entries()) {
      if (rival === token) continue;
      const difference = weightedSum(
        last,
        row.map((weight, feature) => heads[token]![feature]! - weight),
      );
      // the engine subtracts nothing: it rounds two logits, each of which is at most this large
      const size = weightedSum(last, row.map(Math.abs)).high + weightedSum(last, heads[token]!.map(Math.abs)).high;
      least = Math.min(least, difference.low - 2 ** -40 * Math.abs(size));
    }
    return least;
  };
}

/** Columns of a matrix as lists. */
function columnsOf({ data, shape }: Tensor): number[][] {
  const [rows, columns] = shape as [number, number];
  return Array.from({ length: columns }, (_, column) =>
    Array.from({ length: rows }, (__, row) => data[row * columns + column]!),
  );
}
