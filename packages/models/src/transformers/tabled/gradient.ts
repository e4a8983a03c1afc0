import type { Plan, Tokeniser, Weights } from "@ganglion/adders";
import { ConfigError, compile, fromData, vjp } from "@ganglion/tensor";
import type { Tree } from "@ganglion/tensor";
import { flatFrom, parametersFrom } from "../flat.ts";
import { tabledLoops } from "./loops.ts";
import type { TableData, Tally } from "./loops.ts";
import { tablesOf } from "./tables.ts";
import type { Tables } from "./tables.ts";

/** A model of one layer that is to be trained. */
export interface Tabled<Params extends Tree> {
  readonly plan: Plan;
  readonly tokeniser: Tokeniser;
  /** Any parameters: they give the shapes. */
  readonly like: Params;
  /** Writes out what is tied. */
  readonly weights: (params: Params) => Weights;
}

/** Loss of examples and, when asked for, its gradient. */
export interface TabledGradient<Params extends Tree> {
  /** The parameters in one list, in the order of `flattenTree`. */
  readonly length: number;
  /** Names the parts of a flat list of float64 numbers. */
  params(this: void, flat: Float64Array): Params;
  /**
   * @param digits `[n, prompt + answer]`
   * @param gradient `[length]`, is overwritten
   */
  run(this: void, flat: Float64Array, digits: Uint8Array, gradient?: Float64Array): Tally;
}

/**
 * The gradient of a model of one layer. What depends on single tokens or on pairs of them is made by the plain parts in a
 * compiled step, and differentiated by the tape; what is left for each example is looked up and added in loops.
 *
 * @throws ConfigError for more than one layer or head, other weightings, biases, or residuals that leave features out
 */
export function tabledGradient<Params extends Tree>({
  plan,
  tokeniser,
  like,
  weights,
}: Tabled<Params>): TabledGradient<Params> {
  const [layer] = plan.layers;
  const { prompt, answer } = tokeniser;
  const { length } = flatFrom(like);
  const params = (flat: Float64Array): Params => parametersFrom(like, flat);
  const tables = (given: Params): Tables => tablesOf(plan, weights(given), tokeniser);
  const make = compile(tables);
  const pull = compile((given: Params, toward: Tables) => vjp(tables, given).pullback(toward));
  const first = make(like);
  if (
    layer?.mlp === undefined ||
    plan.layers.length !== 1 ||
    !(layer.mlp.activation === "geluTanh" || layer.mlp.activation === "silu")
  ) {
    throw new ConfigError("train", "expected one layer with a perceptron of geluTanh or silu units");
  }
  const [features, hidden] = first.up.shape as [number, number];
  const loops = tabledLoops({
    prompt,
    answer,
    features,
    hidden,
    vocabulary: plan.vocabulary,
    activation: layer.mlp.activation,
    gated: first.gate !== undefined,
    epsilon: plan.epsilon!,
  });
  const toward = Object.fromEntries(
    Object.entries(first).map(([name, { size }]) => [name, new Float64Array(size)]),
  ) as TableData;
  return {
    length,
    params,
    run(flat, digits, gradient) {
      const given = params(flat);
      const made = dataOf(make(given));
      if (gradient === undefined) return loops.run(made, digits);
      for (const table of Object.values(toward)) table.fill(0);
      const tally = loops.run(made, digits, toward);
      const shaped = Object.fromEntries(
        Object.entries(toward).map(([name, data]) => [name, fromData(data, first[name as keyof Tables]!.shape)]),
      ) as Tables;
      gradient.set(flatFrom(pull(given, shaped)));
      return tally;
    },
  };
}

function dataOf(tables: Tables): TableData {
  return Object.fromEntries(Object.entries(tables).map(([name, { data }]) => [name, data])) as TableData;
}
