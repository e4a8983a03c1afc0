import type { AutomatonCotangents } from "./program.ts";

const f = Math.fround;

/** Sums over the fired cells of one step. */
export interface StepStatistics {
  /** Probability of each expert `[experts]`. */
  readonly probability: Float32Array;
  /** How often each was chosen `[experts]`. */
  readonly chosen: Float32Array;
  /** Squared log-partitions. */
  readonly z: number;
}

/** Adds up the sums of the parts of a roll-out, in order. */
export function sumOf(parts: readonly StepStatistics[], experts: number): StepStatistics {
  const probability = new Float32Array(experts);
  const chosen = new Float32Array(experts);
  let z = 0;
  for (const part of parts) {
    for (let e = 0; e < experts; e++) {
      probability[e] = probability[e]! + part.probability[e]!;
      chosen[e] = chosen[e]! + part.chosen[e]!;
    }
    z = f(z + part.z);
  }
  return { probability, chosen, z };
}

/**
 * Balance and z loss of one step.
 *
 * @see Fedus et al. 2021, arXiv:2101.03961; Zoph et al. 2022, arXiv:2202.08906
 */
export function lossesOf({ probability, chosen, z }: StepStatistics, topK: number): { balance: number; z: number } {
  const choices = chosen.reduce((sum, count) => sum + count, 0);
  if (choices === 0) return { balance: 0, z: 0 };
  const fired = choices / topK;
  const even = probability.reduce((sum, p, e) => sum + (p / fired) * (chosen[e]! / choices), 0);
  return { balance: f(even * probability.length), z: f(z / fired) };
}

/**
 * How the losses of a step depend on each fired cell: the factor of each expert's probability, and last that of its
 * log-partition, `[experts + 1]`. The shares of the choices count as constants.
 */
export function lossFactors(
  { chosen }: Pick<StepStatistics, "chosen">,
  topK: number,
  { balance, z }: Pick<AutomatonCotangents, "balance" | "z">,
  step: number,
): Float32Array {
  const experts = chosen.length;
  const factors = new Float32Array(experts + 1);
  const choices = chosen.reduce((sum, count) => sum + count, 0);
  if (choices === 0) return factors;
  const fired = choices / topK;
  const weight = ((balance?.[step] ?? 0) * experts) / (fired * choices);
  for (let e = 0; e < experts; e++) factors[e] = weight * chosen[e]!;
  factors[experts] = ((z?.[step] ?? 0) * 2) / fired;
  return factors;
}
