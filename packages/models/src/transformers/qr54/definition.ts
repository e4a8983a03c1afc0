import { proveCarries } from "@ganglion/adders";
import type { TransformerDefinition } from "../registry.ts";
import { qr54, qr54Params } from "./model.ts";
import { qr54Seed } from "./recipe.ts";
import { qr54Values } from "./values.ts";

export const definition: TransformerDefinition = {
  card: {
    model: "qr54",
    task: "Adds numbers of ten digits, lowest digit first.",
    origin: "trained",
    built:
      "one layer of five features, attention that looks at positions only, digits on an arc, queries turned from keys, one matrix used four times",
    digits: 10,
    command: "ganglion train qr54 --until-proved",
    seed: `${qr54Seed}, one of 24 that were tried for 10,000 steps; two of them took off`,
    limits: ["Ten digits. The positions of the digits, a screw line, are not learned."],
    sources: ["the published family of adders with digits on an arc, 2026"],
  },
  adder: () => qr54(qr54Params(Float64Array.from(qr54Values))),
  prove: () => proveCarries(qr54(qr54Params(Float64Array.from(qr54Values)))),
};
