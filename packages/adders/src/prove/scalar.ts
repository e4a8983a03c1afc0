import { ConfigError } from "@ganglion/tensor";
import type { TransformerAdder } from "../adder.ts";
import { firstPlaces, lookFrom, nextPlaces, projectPlaces, rowsOf } from "../specialise/tables.ts";
import type { Place } from "../specialise/tables.ts";

/** A last layer whose attention is the same for all operands: at every place it adds up one number. */
export interface ScalarModel {
  readonly adder: TransformerAdder;
  /** States before the last layer, by place and token. */
  readonly places: readonly Place[];
  /** What token t at place j adds to the sum at a place, `[places so far][vocabulary]`, by answer digit. */
  readonly contributions: readonly (readonly Float64Array[])[];
  /** What the sum adds to each feature: the row of the output matrix. */
  readonly spread: Float64Array;
}

/**
 * Finds the numbers that the last layer adds up: the engine's own doubles, computed by the engine.
 *
 * @throws ConfigError when attention depends on the operands, or carries more than one number
 */
export function scalarModel(adder: TransformerAdder): ScalarModel {
  const { plan, weights, tokeniser } = adder;
  const { prompt, answer, template } = tokeniser;
  let places: Place[] = firstPlaces(plan, weights, template.slice(0, prompt + answer - 1));
  for (const [index, layer] of plan.layers.slice(0, -1).entries()) {
    const own = weights.layers[index]!;
    const next = nextPlaces(layer, own, places, projectPlaces(layer, own, places));
    if (next === undefined) refuse(`layer ${index} depends on more than one token`);
    places = next;
  }
  const layer = plan.layers.at(-1)!;
  const own = weights.layers.at(-1)!;
  const projected = projectPlaces(layer, own, places);
  if (own.output.shape[0] !== 1 || own.outputBias !== undefined || layer.attention.residual !== "all") {
    refuse("its last attention gives more than one number");
  }
  const contributions = Array.from({ length: answer }, (_, step) => {
    const { looks, weights: shares } = lookFrom(layer, places, projected, prompt - 1 + step, 0);
    if (shares === undefined) refuse("its last attention depends on the operands");
    return looks.map(({ key }, index) =>
      Float64Array.from(rowsOf(projected[key]!.values, 0), (row) => shares[index]! * row[0]!),
    );
  });
  return { adder, places, contributions, spread: Float64Array.from(own.output.data) };
}

function refuse(why: string): never {
  throw new ConfigError("prove", `expected a model whose last layer adds up one number per token, but ${why}`);
}
