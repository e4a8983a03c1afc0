import { adder } from "./adder.ts";
import type { Adder } from "./adder.ts";

/** The 26,448-parameter reproduction of gary-neuron: 8 cells that know where they stand, sums of up to 7 digits. */
export const gary: Adder = adder({
  name: "gary",
  cells: 8,
  operations: ["add"],
  tables: "shared",
  positions: true,
});
