import { read } from "@ganglion/adders";
import {
  fromData,
  logSoftmax,
  max,
  mean,
  neg,
  mul,
  oneHot,
  slice,
  squeeze,
  sum,
  compile,
  grad,
  where,
  sub,
  full,
  min,
  key as keyOf,
  foldIn,
} from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";
import { adam, applyUpdates } from "@ganglion/train";
import { gpt46Plan, gpt46Weights, initialiseGpt46 } from "./model.ts";
import type { Gpt46Params } from "./model.ts";

/** Learning rate, steps per start, and most starts. */
const gpt46Recipe = { learningRate: 0.005, steps: 3000, starts: 8, seed: 0 } as const;

/** What training found. */
export interface Gpt46Training {
  readonly params: Gpt46Params;
  /** Number of starts that were needed. */
  readonly starts: number;
  /** Least lead of the right logit over the best other one, over all 16 transitions, after the last step. */
  readonly margin: number;
}

/** The 16 transitions: a pair of bits `2 a + b` and a state, and the state that follows. */
function transitions(): { readonly tokens: Tensor; readonly next: Tensor } {
  const tokens = new Int32Array(32);
  const next = new Int32Array(16);
  for (let at = 0; at < 16; at++) {
    const [pair, state] = [at >> 2, at & 3];
    tokens.set([pair, state], 2 * at);
    const ones = (pair >> 1) + (pair & 1) + (state >> 1);
    next[at] = (ones & 1) + 2 * (ones >> 1);
  }
  return { tokens: fromData(tokens, [16, 2]), next: fromData(next, [16]) };
}

/** Logits of the transitions, `[16, 4]`, by the adder for numbers of one bit. */
function transitionLogits(params: Gpt46Params): Tensor {
  const { logits } = read(gpt46Plan(1), gpt46Weights(params), transitions().tokens);
  return squeeze(slice(logits, [null, [1, 2]]), 1);
}

/** Least lead of the right logits: above 0 when every transition is right. */
export function transitionMargin(params: Gpt46Params): number {
  const logits = transitionLogits(params);
  const right = oneHot(transitions().next, 4, "float64");
  const others = max(where(right, full([], -Infinity, "float64"), logits), -1);
  return min(sub(sum(mul(logits, right), -1), others)).item();
}

/**
 * Trains from nothing on the whole table, and keeps the weights of a start only if all transitions are right after its
 * last step.
 *
 * @param seed of the random starts, a whole number from 0
 * @returns nothing when no start succeeds
 */
export function trainGpt46(seed: number = gpt46Recipe.seed): Gpt46Training | undefined {
  const { learningRate, steps, starts } = gpt46Recipe;
  const optimiser = adam({ learningRate });
  const right = oneHot(transitions().next, 4, "float64");
  const loss = (params: Gpt46Params): Tensor => neg(mean(sum(mul(logSoftmax(transitionLogits(params)), right), -1)));
  const gradient = compile((params: Gpt46Params) => grad(loss)(params));
  for (let start = 0; start < starts; start++) {
    let params = initialiseGpt46(foldIn(keyOf(seed), start));
    let state = optimiser.init(params);
    for (let at = 0; at < steps; at++) {
      const change = optimiser.update(gradient(params), state, params);
      params = applyUpdates(params, change.updates);
      state = change.state;
    }
    const margin = transitionMargin(params);
    if (margin > 0) return { params, starts: start + 1, margin };
  }
  return undefined;
}
