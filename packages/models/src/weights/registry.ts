import type { Adder, AdderParams } from "../adder/adder.ts";
import type { Model } from "../solve/run.ts";
import { decodeWeights } from "./bytes.ts";
import type { Card } from "./card.ts";
import type { Definition } from "./definition.ts";
import { UnknownModelError, WeightsError } from "./errors.ts";

/** An adder with weights and card. */
export interface LoadedModel extends Model {
  readonly card: Card;
}

const registry: Readonly<Record<string, () => Promise<Definition>>> = {
  ripple: async () => (await import("./ripple.ts")).definition,
  gary: async () => (await import("./gary.ts")).definition,
  "ripple-add-sub": async () => (await import("./rippleAddSub.ts")).definition,
};

/** Names of all models, the default first. */
export const modelNames: readonly string[] = Object.keys(registry);

/**
 * Definition, recipe and card of a model; its weights stay where they are.
 *
 * @throws UnknownModelError for any other name
 */
export async function define(name: string): Promise<Definition> {
  const entry = Object.hasOwn(registry, name) ? registry[name] : undefined;
  if (entry === undefined) throw new UnknownModelError(name, modelNames);
  return entry();
}

/**
 * Loads a model with its weights; only the modules of this model are read. It computes in what its weights are: integers
 * or float32.
 *
 * @param precision weights as shipped, or bit for bit as trained. Default "int8"
 * @throws UnknownModelError for any other name
 * @throws WeightsError when this build has no weights
 * @throws CodecError when they are damaged
 */
export async function load(
  name: string,
  { precision = "int8" }: { readonly precision?: "int8" | "float32" } = {},
): Promise<LoadedModel> {
  const { adder, card, weights } = await define(name);
  return { adder, card, params: readBase64(adder, await weights(precision)), arithmetic: precision };
}

/** Weights out of a generated module. @throws WeightsError when there are none */
export function readBase64(adder: Adder, base64: string): AdderParams {
  const { name } = adder.config;
  if (base64 === "") {
    throw new WeightsError(name, `expected weights in this build, found none. Train them: ganglion train ${name}`);
  }
  return decodeWeights(
    adder,
    Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)),
  );
}
