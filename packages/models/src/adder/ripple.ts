import { adder } from "./adder.ts";
import type { Adder } from "./adder.ts";

/** 26,192 parameters and no positions: trained on 8 cells, it adds numbers of any length. */
export const ripple: Adder = adder({
  name: "ripple",
  cells: 8,
  operations: ["add"],
  tables: "shared",
  positions: false,
});
