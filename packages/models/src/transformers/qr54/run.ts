import { carryCounterexamples, proveCarries } from "@ganglion/adders";
import type { CarryCertificate } from "@ganglion/adders";
import { foldIn, key, split } from "@ganglion/tensor";
import type { Key } from "@ganglion/tensor";
import type { State } from "../descent.ts";
import type { Pair } from "../sums.ts";
import { qr54, qr54Params } from "./model.ts";
import { phases, provingFrom, qr54Seed } from "./recipe.ts";
import { initialise, stepper } from "./train.ts";

/** Where a training stands; plain numbers, so that it can be written down. */
export interface Qr54Progress {
  readonly seed: number;
  readonly phase: number;
  /** Steps of this phase that are done. */
  readonly step: number;
  readonly params: readonly number[];
  readonly mean: readonly number[];
  readonly square: readonly number[];
  /** Sums that were found wrong, the newest last. */
  readonly counterexamples: readonly Pair[];
  readonly loss: number;
  readonly certificate?: CarryCertificate;
}

/** How a training is run. */
export interface Qr54RunConfig {
  /** Whole number from 0; most seeds do not take off. */
  readonly seed?: number;
  /** Goes on from here instead of from nothing. */
  readonly from?: Qr54Progress;
  /** Steps between two reports, and between two attempts at a proof; a number that divides the phases. */
  readonly every?: number;
  /** Ends as soon as a proof succeeds. */
  readonly untilProved?: boolean;
}

/** Most counterexamples that are fed back. */
const REMEMBERED = 256;

/** Trains the 54-parameter adder, telling how it stands every so many steps; a run that goes on gives the same numbers. */
export function* trainQr54({
  seed = qr54Seed,
  from,
  every = 2000,
  untilProved = true,
}: Qr54RunConfig = {}): Generator<Qr54Progress> {
  const [forStart, forSteps] = split(key(from?.seed ?? seed), 2) as [Key, Key];
  let state = from === undefined ? initialise(forStart) : restore(from);
  let counterexamples = [...(from?.counterexamples ?? [])];
  for (let phase = from?.phase ?? 0; phase < phases.length; phase++) {
    const begins = from?.phase === phase ? from.step : 0;
    if (begins === 0 && phase > 0) state = { ...state, mean: new Float64Array(54), square: new Float64Array(54) };
    const { steps } = phases[phase]!;
    let advance = stepper(phases[phase]!, foldIn(forSteps, phase), counterexamples);
    for (let step = begins, loss = 0; step < steps; step++) {
      loss = advance(state, step);
      const done = step + 1;
      if (done % every !== 0 && done !== steps) continue;
      const adder = qr54(qr54Params(state.params));
      const certificate = phase >= provingFrom ? proveCarries(adder) : undefined;
      if (certificate?.proved === false) {
        const found = carryCounterexamples(adder).map(({ a, b }): Pair => [Number(a), Number(b)]);
        counterexamples = [...counterexamples, ...found].slice(-REMEMBERED);
        advance = stepper(phases[phase]!, foldIn(forSteps, phase), counterexamples);
      }
      yield {
        seed: from?.seed ?? seed,
        phase,
        step: done,
        params: Array.from(state.params),
        mean: Array.from(state.mean),
        square: Array.from(state.square),
        counterexamples,
        loss,
        ...(certificate && { certificate }),
      };
      if (untilProved && certificate?.proved === true) return;
    }
  }
}

function restore({ params, mean, square }: Qr54Progress): State {
  return { params: Float64Array.from(params), mean: Float64Array.from(mean), square: Float64Array.from(square) };
}
