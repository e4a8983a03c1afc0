import { sparseFirst } from "../tabled/train.ts";
import type { TabledRecipe } from "../tabled/train.ts";
import { lowRank311, lowRank311Plan, lowRank311Tokeniser, lowRank311Weights, initialiseLowRank311 } from "./model.ts";
import type { LowRank311Params } from "./model.ts";

const plain = { digits: 10, carrying: 0.15 } as const;

/**
 * How it is trained from nothing: sparse sums first, then all kinds, then finer steps with what it got wrong. No weights
 * ship: positions are learned one by one, and from seed 1 the carry is found at 8 of the 11 places after 100,000 steps.
 */
export const lowRank311Recipe: TabledRecipe<LowRank311Params> = {
  model: "lowrank311",
  seed: 1,
  initialise: initialiseLowRank311,
  plan: lowRank311Plan,
  tokeniser: lowRank311Tokeniser,
  weights: lowRank311Weights,
  adder: lowRank311,
  phases: [
    sparseFirst,
    {
      steps: 150_000,
      batch: 128,
      rate: [0.01, 0.001],
      warmup: 1000,
      decay: 0.01,
      mixture: { from: plain, to: plain, by: 1 },
      tried: 1000,
    },
  ],
};
