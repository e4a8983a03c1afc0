import { adder } from "./adder.ts";
import type { Adder } from "./adder.ts";

/** 26,256 parameters: one rule that adds and subtracts numbers of any length, told which by a vector. */
export const rippleAddSub: Adder = adder({
  name: "ripple-add-sub",
  cells: 8,
  operations: ["add", "sub"],
  tables: "concatenated",
  positions: false,
});
