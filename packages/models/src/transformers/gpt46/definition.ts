import { proveTransitions } from "@ganglion/adders";
import { key } from "@ganglion/tensor";
import { parametersFrom } from "../flat.ts";
import type { TransformerDefinition } from "../registry.ts";
import { gpt46, gpt46Plan, gpt46Weights, initialiseGpt46 } from "./model.ts";
import type { Gpt46Params } from "./model.ts";
import { gpt46Values } from "./values.ts";

/** Parameters out of a flat list, in the order of `flattenTree`. */
export function gpt46Params(values: readonly number[]): Gpt46Params {
  return parametersFrom(initialiseGpt46(key(0)), values);
}

/** Certificate of any weights of this model. */
export function proveGpt46(params: Gpt46Params): ReturnType<typeof proveTransitions> {
  return proveTransitions("gpt46", (bits) => ({ plan: gpt46Plan(bits), weights: gpt46Weights(params) }));
}

export const definition: TransformerDefinition = {
  card: {
    model: "gpt46",
    task: "Adds numbers of any width, bit by bit from the lowest, its state being sum bit and carry.",
    origin: "trained",
    built: "one layer of two features, one head, a rectified perceptron of four units, the head tied to the embedding",
    digits: 10,
    command: "ganglion train gpt46",
    seed: "0, the first that was tried",
    limits: [
      "Its tokeniser converts to binary, and its mask shows each state the right pair of bits.",
      "It was trained on the whole table of 16 transitions, so it has nothing left to generalise but width.",
    ],
    sources: ["a published PyTorch adder of 46 parameters, February 2026"],
  },
  adder: (digits) => gpt46(gpt46Params(gpt46Values), digits),
  prove: () => proveGpt46(gpt46Params(gpt46Values)),
};
