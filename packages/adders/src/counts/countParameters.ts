import { countParameters as unique, flattenTree } from "@ganglion/tensor";
import type { Ledger } from "../adder.ts";

/** The size of a model, counted in three ways. */
export interface ParameterCounts {
  /** As its author counts. */
  readonly claimed: number;
  /** Stored numbers; what is tied counts once. */
  readonly unique: number;
  /** Distinct magnitudes among parameters and constants; 0 and the sign are free. */
  readonly strict: number;
}

/** Counts parameters as claimed, by storage, and by distinct magnitude with all constants. */
export function countParameters({ claimed, params, constants }: Ledger): ParameterCounts {
  const magnitudes = new Set(constants.map((value) => Math.abs(value)));
  for (const { data } of flattenTree(params).leaves) for (const value of data) magnitudes.add(Math.abs(value));
  magnitudes.delete(0);
  return { claimed, unique: unique(params), strict: magnitudes.size };
}
