import { fromData } from "@ganglion/tensor";
import type { MlpWeights } from "./mlp.ts";

/** A sum of hinges `weight * max(0, slope * x + offset)` of one feature. */
export interface Hinge {
  readonly slope: number;
  readonly offset: number;
  readonly weight: number;
}

/**
 * Weights of a perceptron that adds hinges of one feature to another.
 *
 * @param shape number of features, the one that is read and the one that is written
 */
export function hinges(
  list: readonly Hinge[],
  { features, read, write }: { readonly features: number; readonly read: number; readonly write: number },
): MlpWeights {
  const n = list.length;
  const [up, upBias, down] = [new Float64Array(features * n), new Float64Array(n), new Float64Array(n * features)];
  for (const [unit, { slope, offset, weight }] of list.entries()) {
    up[read * n + unit] = slope;
    upBias[unit] = offset;
    down[unit * features + write] = weight;
  }
  return { up: fromData(up, [features, n]), upBias: fromData(upBias, [n]), down: fromData(down, [n, features]) };
}

/**
 * Weights of a perceptron whose output c is `-rise * fall * |x[c + from]|`: it is largest where the feature is nearest 0.
 *
 * @param shape number of features, index of the first that is read, and number of outputs
 */
export function vShape(
  { rise, fall }: { readonly rise: number; readonly fall: number },
  { features, from, outputs }: { readonly features: number; readonly from: number; readonly outputs: number },
): MlpWeights {
  const up = new Float64Array(features * 2 * outputs);
  const down = new Float64Array(2 * outputs * outputs);
  for (let c = 0; c < outputs; c++) {
    up[(from + c) * 2 * outputs + 2 * c] = rise;
    up[(from + c) * 2 * outputs + 2 * c + 1] = -rise;
    down[2 * c * outputs + c] = -fall;
    down[(2 * c + 1) * outputs + c] = -fall;
  }
  return { up: fromData(up, [features, 2 * outputs]), down: fromData(down, [2 * outputs, outputs]) };
}
