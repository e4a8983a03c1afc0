import type { TransformerAdder } from "@ganglion/adders";
import { exp, log } from "@ganglion/kernels";
import { remainderAdder } from "./remainderAdder.ts";
import type { RemainderConfig } from "./remainderAdder.ts";

/** What the members for ten digits share. */
export const tenDigits: Pick<
  RemainderConfig,
  | "digits"
  | "specialKey"
  | "digitKey"
  | "value"
  | "equalsFactor"
  | "digitScale"
  | "candidate"
  | "remainder"
  | "claimed"
  | "params"
> = {
  digits: 10,
  specialKey: -40,
  digitKey: -1000,
  value: exp(40),
  equalsFactor: 10,
  digitScale: 1e11,
  candidate: { slope: 1e12, offset: 5e11 },
  remainder: { weight: 100, offset: 15 },
  claimed: 9,
  params: [-40, -1000, exp(40), -10 * exp(40), 1e11, 1e12, 0.5, 100, 1],
};

/** The published member: its last perceptron adds to features 0 to 9, which are not the candidates. */
export const tiny9Published: TransformerAdder = remainderAdder({
  ...tenDigits,
  name: "tiny9-published",
  vShape: { rise: 1e4, fall: 100 },
  lastResidual: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  constants: [1e4, 15, 1e10, log(10)],
});

/** The same with the slopes of the V tied to the counted 1e11, which makes what the residual adds too small to matter. */
export const tiny9: TransformerAdder = remainderAdder({
  ...tenDigits,
  name: "tiny9",
  vShape: { rise: 1e11, fall: 100 },
  lastResidual: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  constants: [15, 1e10, log(10)],
});

/**
 * Five magnitudes, {1, 10, 40, U, 5 U} with U = 10^(digits / 2) e^20, and no last residual; the slope log 10 is the base
 * of the number system.
 *
 * @param digits digits of an operand, from 1
 */
export function tiny5(digits = 10): TransformerAdder {
  const unit = Math.sqrt(10 ** digits) * exp(20);
  return remainderAdder({
    name: digits === 10 ? "tiny5" : `tiny5 of ${digits} digits`,
    digits,
    specialKey: -40,
    digitKey: -40,
    value: unit,
    equalsFactor: 10,
    digitScale: 10 * unit,
    candidate: { slope: 10 * unit, offset: 5 * unit },
    remainder: { weight: 10, offset: 1 },
    vShape: { rise: 10, fall: 10 },
    lastResidual: "none",
    claimed: 5,
    params: [1, 10, 40, unit, 5 * unit],
    constants: [log(10)],
  });
}
