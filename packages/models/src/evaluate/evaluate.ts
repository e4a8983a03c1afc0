import { ConfigError } from "@ganglion/tensor";
import { didYouMean } from "../digits/didYouMean.ts";
import type { Model } from "../solve/run.ts";
import type { Context } from "./context.ts";
import type { Row } from "./row.ts";
import { adversarial } from "./suites/adversarial.ts";
import { garbage } from "./suites/garbage.ts";
import { heldout } from "./suites/heldout.ts";
import { int8 } from "./suites/int8.ts";
import { length } from "./suites/length.ts";
import { long } from "./suites/long.ts";
import { orders } from "./suites/orders.ts";
import { schedules } from "./suites/schedules.ts";
import { steps } from "./suites/steps.ts";
import { swapped } from "./suites/swapped.ts";

const suites: Readonly<Record<string, (context: Context) => Generator<Row>>> = {
  heldout,
  orders,
  length,
  steps,
  adversarial,
  schedules,
  long,
  garbage,
  swapped,
  int8,
};

/** Names of all suites. */
export const suiteNames: readonly string[] = Object.keys(suites);

/** What is evaluated, and on how much. */
export interface EvaluateConfig {
  /** Names of suites. Default: all. */
  readonly suites?: readonly string[];
  /** Problems of the large sets, at least 1; the slow suites take a part of them. Default 10,000. */
  readonly n?: number;
  /** Decides problems and orders of firing. Default 1. */
  readonly seed?: number;
  /** The weights as trained, for the int8 suite. Default: the model's own. */
  readonly exact?: Model;
}

/**
 * Measures a model row by row, for every operation that it knows.
 *
 * @throws ConfigError for an unknown suite, or an `n` below 1
 */
export function evaluate(model: Model, config: EvaluateConfig = {}): Generator<Row> {
  const { suites: chosen = suiteNames, n = 10_000, seed = 1, exact } = config;
  const stranger = chosen.find((name) => !Object.hasOwn(suites, name));
  if (stranger !== undefined) {
    const expected = `expected suites among ${suiteNames.join(", ")}`;
    throw new ConfigError("evaluate", `${expected}, received ${stranger}.${didYouMean(stranger, suiteNames)}`);
  }
  if (!Number.isInteger(n) || n < 1) throw new ConfigError("evaluate", `expected n of at least 1, received ${n}`);
  return rows();

  function* rows(): Generator<Row> {
    for (const suite of chosen) {
      for (const operation of model.adder.config.operations) {
        yield* suites[suite]!({ suite, model, exact, operation, n, seed });
      }
    }
  }
}
