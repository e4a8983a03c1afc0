import { ShapeError, type Tensor } from "@ganglion/tensor";
import { checkCount } from "./check.ts";

/** How the work was spread over the experts. */
export interface Utilisation {
  /** Assignments counted. */
  readonly assignments: number;
  /** Assignments per expert. */
  readonly counts: readonly number[];
  /** Share of the assignments per expert, summing to 1; all 0 when nothing was assigned. */
  readonly shares: readonly number[];
  /** How many evenly used experts this spread is worth, `1 / sum(share ** 2)`, in [1, experts]; 0 when nothing was assigned. */
  readonly effective: number;
  /** Experts that got nothing. */
  readonly unused: readonly number[];
}

/**
 * Counts how often each expert was chosen.
 *
 * @param chosen chosen experts, int32 of any shape, or a list of such tensors (one per step); entries of -1, which a
 *   trace writes where a cell did not fire, are not counted
 * @param experts number of experts
 * @throws ConfigError when `experts` is not a count
 * @throws ShapeError when an entry is not an expert
 */
export function utilisation(chosen: Tensor | readonly Tensor[], experts: number): Utilisation {
  checkCount("utilisation", "experts", experts);
  const counts = Array.from({ length: experts }, () => 0);
  for (const { data } of [chosen].flat()) {
    for (const expert of data) {
      if (expert === -1) continue;
      const count = counts[expert];
      if (count === undefined) throw outOfRange(expert, experts);
      counts[expert] = count + 1;
    }
  }
  const assignments = counts.reduce((total, count) => total + count, 0);
  const parts = counts.map((count) => (assignments === 0 ? 0 : count / assignments));
  return {
    assignments,
    counts,
    shares: parts,
    effective: assignments === 0 ? 0 : 1 / parts.reduce((total, share) => total + share * share, 0),
    unused: counts.flatMap((count, expert) => (count === 0 ? [expert] : [])),
  };
}

/** Share of the assignments per expert. */
export const shares = (chosen: Tensor, experts: number): readonly number[] => utilisation(chosen, experts).shares;

function outOfRange(expert: number, experts: number): ShapeError {
  return new ShapeError(
    "utilisation",
    `expected experts between 0 and ${experts - 1}, or -1, received ${expert}. Count with the mixture's own number of experts?`,
  );
}
