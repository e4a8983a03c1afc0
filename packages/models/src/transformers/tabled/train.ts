import { evaluator } from "@ganglion/adders";
import type { TransformerAdder } from "@ganglion/adders";
import { foldIn, key, split } from "@ganglion/tensor";
import type { Key, Tree } from "@ganglion/tensor";
import { adam, rateAt } from "../descent.ts";
import type { Rates, State } from "../descent.ts";
import { flatFrom } from "../flat.ts";
import { drawSum, generator } from "../sums.ts";
import type { Mixture, Pair } from "../sums.ts";
import { drawExamples, writeExample } from "./examples.ts";
import { tabledGradient } from "./gradient.ts";
import type { Tabled } from "./gradient.ts";

/** A stretch of training with one falling learning rate. */
interface TabledPhase extends Rates {
  /** Examples per step. */
  readonly batch: number;
  /** Share of the weights that the learning rate takes away in a step. */
  readonly decay: number;
  /** What is drawn at the start and at the end, and when it has changed. */
  readonly mixture: { readonly from: Mixture; readonly to: Mixture; readonly by: number };
  /** Sums that are tried after each report; those that are wrong are fed back. */
  readonly tried?: number;
  /** Step from which a proof is tried whenever all of those sums were right. */
  readonly provedFrom?: number;
}

/** A model of one layer, and how it is trained from nothing. */
export interface TabledRecipe<Params extends Tree> extends Omit<Tabled<Params>, "like"> {
  readonly model: string;
  readonly seed: number;
  readonly initialise: (seed: Key) => Params;
  readonly adder: (params: Params) => TransformerAdder;
  readonly phases: readonly TabledPhase[];
  /** Whether a certificate over all inputs can be computed. */
  readonly prove?: (adder: TransformerAdder) => { readonly proved: boolean };
}

/** A first phase from nothing: most digits of most sums are 0 at first, so that single places can be learned. */
export const sparseFirst: TabledPhase = {
  steps: 100_000,
  batch: 128,
  rate: [0.01, 0.002],
  warmup: 1000,
  decay: 0.01,
  mixture: {
    from: { digits: 10, carrying: 0.3, sparse: { share: 0.9, zeros: 0.6 } },
    to: { digits: 10, carrying: 0.5, sparse: { share: 0, zeros: 0 } },
    by: 10_000,
  },
};

/** Where a training stands; plain numbers, so that it can be written down. */
export interface TabledProgress {
  readonly model: string;
  readonly seed: number;
  readonly phase: number;
  /** Steps of this phase that are done. */
  readonly step: number;
  readonly params: readonly number[];
  readonly mean: readonly number[];
  readonly square: readonly number[];
  /** Sums that were answered wrongly, the newest last. */
  readonly mistakes: readonly Pair[];
  /** Mean cross-entropy of the last batches. */
  readonly loss: number;
  /** Share of sums that were right, of those last tried. */
  readonly right?: number;
  /** Whether a proof succeeded; absent when none was tried. */
  readonly proved?: boolean;
}

/** How a training is run. */
export interface TabledRunConfig {
  /** Whole number from 0; not every seed takes off. */
  readonly seed?: number;
  /** Goes on from here instead of from nothing. */
  readonly from?: TabledProgress;
  /** Steps between two reports; a number that divides the phases. */
  readonly every?: number;
  /** Ends as soon as a proof succeeds, which is the default. */
  readonly untilProved?: boolean;
}

/** Most mistakes that are fed back. */
const REMEMBERED = 512;

/** Trains a model of one layer, telling how it stands every so many steps; a run that goes on gives the same numbers. */
export function* trainTabled<Params extends Tree>(
  recipe: TabledRecipe<Params>,
  { seed: asked = recipe.seed, from, every = 2000, untilProved = true }: TabledRunConfig = {},
): Generator<TabledProgress> {
  const seed = from?.seed ?? asked;
  const [forStart, forSteps, forTrials] = split(key(seed), 3) as [Key, Key, Key];
  const like = recipe.initialise(forStart);
  const { run, params, length } = tabledGradient({ ...recipe, like });
  const { tokeniser, phases } = recipe;
  const width = tokeniser.prompt + tokeniser.answer;
  let state: State = from === undefined ? begin(flatFrom(like)) : restore(from);
  let mistakes = from?.mistakes ?? [];
  const gradient = new Float64Array(length);
  for (let index = from?.phase ?? 0; index < phases.length; index++) {
    const phase = phases[index]!;
    const start = from?.phase === index ? from.step : 0;
    if (start === 0 && index > 0) state = begin(state.params);
    const digits = new Uint8Array(width * phase.batch);
    const keys = foldIn(forSteps, index);
    for (let step = start, loss = 0; step < phase.steps; step++) {
      drawExamples(foldIn(keys, step), phase.batch, mixtureAt(phase, step), tokeniser, digits);
      for (let i = 0; i < Math.min(mistakes.length, phase.batch / 4); i++) {
        writeExample(mistakes[(step * (phase.batch / 4) + i) % mistakes.length]!, tokeniser, digits, width * i);
      }
      loss += run(state.params, digits, gradient).loss;
      adam(state, gradient, step, rateAt(phase, step), phase.decay);
      const done = step + 1;
      if (done % every !== 0 && done !== phase.steps) continue;
      const adder = recipe.adder(params(state.params));
      const trial = phase.tried === undefined ? undefined : tried(adder, foldIn(foldIn(forTrials, index), done), phase);
      const due = trial?.right === 1 && done >= (phase.provedFrom ?? Infinity);
      const proved = due ? recipe.prove?.(adder).proved : undefined;
      mistakes = [...mistakes, ...(trial?.mistakes ?? [])].slice(-REMEMBERED);
      yield {
        model: recipe.model,
        seed,
        phase: index,
        step: done,
        params: Array.from(state.params),
        mean: Array.from(state.mean),
        square: Array.from(state.square),
        mistakes,
        loss: loss / (done - Math.max(start, done - every)),
        ...(trial && { right: trial.right }),
        ...(proved !== undefined && { proved }),
      };
      if (untilProved && proved === true) return;
      loss = 0;
    }
  }
}

const begin = (params: Float64Array): State => ({
  params,
  mean: new Float64Array(params.length),
  square: new Float64Array(params.length),
});

function restore({ params, mean, square }: TabledProgress): State {
  return { params: Float64Array.from(params), mean: Float64Array.from(mean), square: Float64Array.from(square) };
}

/** Between the two mixtures of a phase. */
function mixtureAt({ mixture: { from, to, by } }: TabledPhase, step: number): Mixture {
  const done = Math.min(1, step / by);
  const between = (a: number, b: number): number => a + (b - a) * done;
  return {
    digits: to.digits,
    carrying: between(from.carrying, to.carrying),
    sparse: {
      share: between(from.sparse?.share ?? 0, to.sparse?.share ?? 0),
      zeros: between(from.sparse?.zeros ?? 0, to.sparse?.zeros ?? 0),
    },
  };
}

/** Lets the model answer sums of the phase's last mixture. */
function tried(
  adder: TransformerAdder,
  seed: Key,
  { tried: n = 0, mixture }: TabledPhase,
): { readonly mistakes: Pair[]; readonly right: number } {
  const random = generator(seed);
  const pairs = Array.from({ length: n }, () => drawSum(random, mixture.to));
  const answers = evaluator(adder).answers(pairs);
  const mistakes = pairs.filter(([a, b], index) => Number(answers[index]) !== a + b);
  return { mistakes, right: 1 - mistakes.length / n };
}
