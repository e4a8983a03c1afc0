import { proveColumns } from "@ganglion/adders";
import { sparseFirst, trainTabled } from "../tabled/train.ts";
import type { TabledProgress, TabledRecipe, TabledRunConfig } from "../tabled/train.ts";
import { arc62, arc62Plan, arc62Tokeniser, arc62Weights, initialiseArc62 } from "./model.ts";
import type { Arc62Params } from "./model.ts";

const carrying = { digits: 10, carrying: 0.3 } as const;

/** How it is trained from nothing: sparse sums first, then all kinds, then finer steps with what it got wrong. */
export const arc62Recipe: TabledRecipe<Arc62Params> = {
  model: "arc62",
  seed: 7,
  initialise: initialiseArc62,
  plan: arc62Plan,
  tokeniser: arc62Tokeniser,
  weights: arc62Weights,
  adder: arc62,
  prove: (adder) => proveColumns(adder, { limit: 1 }),
  phases: [
    sparseFirst,
    {
      steps: 250_000,
      batch: 128,
      rate: [0.005, 0.0003],
      warmup: 1000,
      decay: 0,
      mixture: { from: carrying, to: carrying, by: 1 },
      tried: 2000,
      provedFrom: 48_000,
    },
  ],
};

/** Trains the 62-parameter adder, telling how it stands every so many steps; a run that goes on gives the same numbers. */
export function trainArc62(config: TabledRunConfig = {}): Generator<TabledProgress> {
  return trainTabled(arc62Recipe, config);
}
