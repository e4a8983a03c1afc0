import type { TransformerAdder } from "@ganglion/adders";
import { exp, log } from "@ganglion/kernels";
import { remainderAdder } from "../tiny9/remainderAdder.ts";
import { tenDigits } from "../tiny9/model.ts";

/** What its author counts. */
const params = [
  // digits and flags
  1,
  2,
  3,
  4,
  5,
  6,
  7,
  8,
  9,
  1,
  1,
  1,
  1,
  // queries, keys, values
  1,
  960,
  -1000,
  exp(40),
  -11 * exp(40),
  1,
  // the first perceptron
  1,
  ...Array.from({ length: 10 }, (_, c) => 1e12 * (c + 0.5)),
  -1e11,
  // the second layer
  -100,
  -15,
  1e4,
  -1e4,
  -100,
];

/**
 * The forerunner of the nine-parameter adder, rebuilt from the published list of its parameters: the remainder with its sign
 * reversed, so that what the last residual adds moves every boundary down instead of up.
 */
export const alibi36: TransformerAdder = remainderAdder({
  ...tenDigits,
  name: "alibi36",
  digitScale: -1e11,
  candidate: { slope: -1e12, offset: -5e11 },
  remainder: { weight: 100, offset: -15 },
  vShape: { rise: 1e4, fall: 100 },
  lastResidual: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  claimed: 36,
  params,
  constants: [log(10)],
});
