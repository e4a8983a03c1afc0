import { proveColumns } from "@ganglion/adders";
import type { TransformerAdder } from "@ganglion/adders";
import { key } from "@ganglion/tensor";
import { parametersFrom } from "../flat.ts";
import type { TransformerDefinition } from "../registry.ts";
import { arc62, initialiseArc62 } from "./model.ts";
import { arc62Recipe } from "./recipe.ts";
import { arc62Values } from "./values.ts";

export const definition: TransformerDefinition = {
  card: {
    model: "arc62",
    task: "Adds numbers of ten digits, lowest digit first.",
    origin: "trained",
    built:
      "one layer of three features, digits on an arc, turned queries and keys of four with norms, values that are keys, a gated perceptron of two units",
    digits: 10,
    command: "ganglion train arc62 --until-proved",
    seed: `${arc62Recipe.seed}, the best of 8 that were tried for 6,000 steps`,
    limits: ["Ten digits. Radius, start and step of the arc begin at chosen numbers; all else begins at random."],
    sources: ["the published family of adders with digits on an arc, 2026"],
  },
  adder: trained,
  prove: () => proveColumns(trained()),
};

function trained(): TransformerAdder {
  return arc62(parametersFrom(initialiseArc62(key(0)), arc62Values));
}
