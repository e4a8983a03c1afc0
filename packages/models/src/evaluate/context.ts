import { foldIn, key } from "@ganglion/tensor";
import type { Key } from "@ganglion/tensor";
import type { Operation, Problems } from "../problems/problems.ts";
import type { Model } from "../solve/run.ts";
import { measure } from "./measure.ts";
import type { MeasureConfig, Reading } from "./measure.ts";
import type { Row } from "./row.ts";

/** What a suite works with. */
export interface Context {
  readonly suite: string;
  readonly model: Model;
  /** The same model with the weights as trained, where they are at hand. */
  readonly exact: Model | undefined;
  readonly operation: Operation;
  /** Problems of the large sets. */
  readonly n: number;
  readonly seed: number;
}

/** Steps at which gary-neuron was published. */
export const STEPS = 24;

/** Randomness of one run within a suite. */
export function keyOf({ seed, suite }: Context, run: number): Key {
  const domain = Array.from(suite).reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) % 2 ** 31, 7);
  return foldIn(foldIn(key(seed), domain), run);
}

/** Seed of a suite's problems. */
export function seedOf({ seed }: Context, set: number): number {
  return seed * 1000 + set;
}

/** Facts of a row that are not counted but known. */
export interface Label {
  readonly name: string;
  /** Counts for sums only: nothing was published of differences. */
  readonly published?: number;
  readonly spread?: number;
}

/** Turns a reading, or several of the same kind, into a row. */
export function rowOf(
  { suite, operation }: Context,
  label: Label,
  ...readings: readonly Pick<Reading, "right" | "settled">[]
): Row {
  const { name, published, spread } = label;
  let n = 0;
  let rights = 0;
  let settleds = 0;
  let modelMisses = 0;
  let unfinished = 0;
  for (const { right, settled } of readings) {
    n += right.length;
    for (let index = 0; index < right.length; index++) {
      rights += right[index]!;
      settleds += settled[index]!;
      if (right[index] === 1) continue;
      if (settled[index] === 1) modelMisses++;
      else unfinished++;
    }
  }
  return {
    suite,
    name: operation === "add" ? name : `${operation}: ${name}`,
    measured: rights / n,
    ...(spread === undefined ? {} : { spread }),
    ...(published === undefined || operation !== "add" ? {} : { published }),
    ceiling: settleds / n,
    modelMisses,
    unfinished,
    n,
  };
}

/** Runs a set and makes a row of what stands in the cells at the end. */
export function measureRow(context: Context, label: Label, problems: Problems, config: MeasureConfig): Row {
  return rowOf(context, label, measure(context.model, problems, config).last);
}
