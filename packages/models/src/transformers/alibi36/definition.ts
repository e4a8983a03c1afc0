import { provePlaces } from "@ganglion/adders";
import type { TransformerDefinition } from "../registry.ts";
import { alibi36 } from "./model.ts";

export const definition: TransformerDefinition = {
  card: {
    model: "alibi36",
    task: "Adds numbers of ten digits, highest digit first; wrong just below some round sums.",
    origin: "written by hand",
    built:
      "two layers of sixteen features, distances as biases, softmax with a part for nothing, gated rectifiers, V-shapes",
    digits: 10,
    limits: [
      "5193798811 + 1806201129 gives 7000000000: its last residual takes features that are not the candidates.",
      "Rebuilt from the published list of its parameters; which way its remainder points was inferred from where it fails.",
    ],
    sources: ["a published hand-written adder of 36 parameters, February 2026"],
  },
  adder: () => alibi36,
  prove: () => provePlaces(alibi36),
};
