import { proveCarries } from "@ganglion/adders";
import type { TransformerDefinition } from "../registry.ts";
import { rope10 } from "./model.ts";

export const definition: TransformerDefinition = {
  card: {
    model: "rope10",
    task: "Adds numbers of ten digits, lowest digit first.",
    origin: "written by hand",
    built:
      "one layer of two features, turned queries of period 19, two smoothly gated units, a head tied to a parabola",
    digits: 10,
    limits: ["Ten digits. Its logits are a million times larger than their leads: it needs float64."],
    sources: ["a published hand-written adder of ten parameters, February 2026"],
  },
  adder: () => rope10,
  prove: () => proveCarries(rope10),
};
