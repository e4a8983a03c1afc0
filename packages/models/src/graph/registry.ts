import { UnknownModelError, WeightsError } from "../weights/errors.ts";
import type { GraphDefinition } from "./definition.ts";

const registry: Readonly<Record<string, () => Promise<GraphDefinition>>> = {
  ttt: async () => (await import("./games/tttModel.ts")).definition,
  connect4: async () => (await import("./games/connect4Model.ts")).definition,
  world: async () => (await import("./world/worldModel.ts")).definition,
  sentences: async () => (await import("./sentences/sentencesModel.ts")).definition,
};

/** Names of all graph models. */
export const graphNames: readonly string[] = Object.keys(registry);

/**
 * Card, recipe and weights of a graph model.
 *
 * @throws UnknownModelError for any other name
 */
export async function defineGraph(name: string): Promise<GraphDefinition> {
  const entry = Object.hasOwn(registry, name) ? registry[name] : undefined;
  if (entry === undefined) throw new UnknownModelError(name, graphNames);
  return entry();
}

/**
 * The file of a graph model as it ships.
 *
 * @throws UnknownModelError for any other name, WeightsError when this build has none
 */
export async function graphFile(name: string): Promise<Uint8Array> {
  const base64 = await (await defineGraph(name)).weights();
  if (base64 === "") {
    throw new WeightsError(
      name,
      `expected weights in this build, found none. Train them: ganglion graph ${name} train`,
    );
  }
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
