import { adder } from "./adder.ts";
import type { Adder } from "./adder.ts";

/** The 26,448-parameter reproduction of gary-neuron: 8 cells that know where they stand, sums of up to 7 digits. */
export const gary: Adder = adder({
  name: "gary",
  cells: 8,
  operations: ["add"],
  tables: "shared",
  positions: true,
  // an expert that is idle while the answer stands still counts: .03 left one with a tenth of the work
  balance: 0.2,
});
