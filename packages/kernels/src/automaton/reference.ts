// The automaton in plain loops. Every product and sum is rounded to float32, in the order that the SIMD code has.
import { exp32, log32, tanh32 } from "../math32.ts";
import { lossesOf, sumOf } from "./losses.ts";
import type { StepStatistics } from "./losses.ts";
import { backwardReference } from "./reference-backward.ts";
import { partsOf } from "./parts.ts";
import { statesSeen } from "./program.ts";
import type { AutomatonProgram, AutomatonResult, AutomatonRun, AutomatonShape, MixtureWeights } from "./program.ts";

const f = Math.fround;

/** What a fired cell saw: `weight` times what the cell at a place showed, added to one of the states of its perception. */
interface Sight {
  readonly part: number;
  readonly place: number;
  readonly weight: number;
}

/** What one fired cell did. */
export interface Firing {
  /** Its place in the flat batch. */
  readonly place: number;
  /** Whom it saw. */
  readonly sights: readonly Sight[];
  /** `[seen]`. */
  readonly seen: Float32Array;
  /** `[experts]`. */
  readonly scores: Float32Array;
  /** `[topK]`, best first. */
  readonly chosen: readonly number[];
  /** `[topK]`. */
  readonly gates: Float32Array;
  /** Hidden neurons of each chosen expert. */
  readonly hidden: readonly Float32Array[];
  /** Its new state `[channels]`. */
  readonly next: Float32Array;
}

/** One step of one part of the strips. */
interface TapedStep {
  readonly step: number;
  readonly firings: readonly Firing[];
}

/** What the way back needs of a roll-out. */
export interface ReferenceTape {
  readonly run: AutomatonRun;
  /** Steps of each chunk of strips, in order, part by part. */
  readonly parts: readonly (readonly (readonly TapedStep[])[])[];
  readonly statistics: readonly StepStatistics[];
}

/** The definition of `automatonProgram`: readable, and slow. */
export function automatonReference(shape: AutomatonShape): AutomatonProgram {
  let weights: MixtureWeights | undefined;
  let tape: ReferenceTape | undefined;
  return {
    load: (next) => (weights = next),
    run(run) {
      const done = rollOut(shape, weights!, run);
      tape = done.tape;
      return done.result;
    },
    backward: (cotangents) => backwardReference(shape, weights!, tape!, cotangents),
  };
}

function rollOut(
  shape: AutomatonShape,
  weights: MixtureWeights,
  run: AutomatonRun,
): { result: AutomatonResult; tape: ReferenceTape } {
  const { batch, masks, keep = false, choices = false, losses = false } = run;
  const steps = masks.length;
  const states: Float32Array[] = [];
  const state = run.state.slice();
  const parts = partsOf(shape, batch).map((chunks) => chunks.map((chunk) => ({ ...chunk, steps: [] as TapedStep[] })));
  const statistics: StepStatistics[] = [];
  for (let step = 0; step < steps; step++) {
    const view = show(state, run.inputs);
    const sums = parts.map((chunks) => {
      const here = emptyStatistics(shape.experts);
      for (const chunk of chunks) {
        const firings: Firing[] = [];
        for (let place = chunk.first; place < chunk.first + chunk.rows; place++) {
          if (masks[step]![place] === 1) firings.push(fire(shape, weights, view, place));
        }
        for (const { place, next } of firings) state.set(next, place * shape.channels);
        if (losses) for (const firing of firings) count(here, firing);
        chunk.steps.push({ step, firings });
      }
      return here;
    });
    if (keep) states.push(state.slice());
    statistics.push(sumOf(sums, shape.experts));
  }
  if (!keep) states.push(state);
  const chunks = parts.flat();
  const fired = (step: number): readonly Firing[] => chunks.flatMap((chunk) => chunk.steps[step]!.firings);
  const lost = statistics.map((sums) => lossesOf(sums, shape.topK));
  return {
    tape: { run, parts: parts.map((part) => part.map(({ steps }) => steps)), statistics },
    result: {
      states,
      choices: choices
        ? masks.map((_, step) => ({
            experts: Int32Array.from(fired(step).flatMap(({ chosen }) => chosen)),
            gates: Float32Array.from(fired(step).flatMap(({ gates }) => [...gates])),
          }))
        : [],
      balance: Float32Array.from(lost, ({ balance }) => balance),
      z: Float32Array.from(lost, ({ z }) => z),
    },
  };
}

/** What the cells show: state plus inputs. */
function show(state: Float32Array, inputs: Float32Array | undefined): Float32Array {
  return state.map((value, i) => value + (inputs?.[i] ?? 0));
}

function fire(shape: AutomatonShape, weights: MixtureWeights, view: Float32Array, place: number): Firing {
  const { channels, hidden: width, experts, topK } = shape;
  const sights = sightsOf(shape, place);
  const seen = new Float32Array(statesSeen(shape) * channels);
  for (const { part, place: other, weight } of sights) {
    for (let i = 0; i < channels; i++) {
      const at = part * channels + i;
      seen[at] = f(seen[at]! + f(weight * view[other * channels + i]!));
    }
  }
  const scores = affine(seen, weights.routerWeight, 0, weights.routerBias, 0, experts);
  const chosen = best(scores, topK);
  const gates = softmaxOf(chosen.map((expert) => scores[expert]!));
  const hidden = chosen.map((expert) => {
    const sums = affine(seen, weights.w1, expert * seen.length * width, weights.b1, expert * width, width);
    return sums.map((x) => (x < 0 ? 0 : x));
  });
  const next = new Float32Array(channels);
  for (const expert of chosen.toSorted((a, b) => a - b)) {
    const rank = chosen.indexOf(expert);
    const output = affine(
      hidden[rank]!,
      weights.w2,
      expert * width * channels,
      weights.b2,
      expert * channels,
      channels,
    );
    for (let i = 0; i < channels; i++) next[i] = f(next[i]! + f(output[i]! * gates[rank]!));
  }
  for (let i = 0; i < channels; i++) next[i] = tanh32(next[i]!);
  return { place, sights, seen, scores, chosen, gates, hidden, next };
}

/** Whom the cell at a place sees: single cells, then, sum after sum, those at its edges. */
function sightsOf({ cells, neighbourhood, neighbours, edges }: AutomatonShape, place: number): Sight[] {
  const cell = place % cells;
  const lattice = place - cell;
  const sights: Sight[] = [];
  for (let part = 0; part < neighbourhood; part++) {
    const neighbour = neighbours[cell * neighbourhood + part]!;
    if (neighbour >= 0) sights.push({ part, place: lattice + neighbour, weight: 1 });
  }
  if (edges === undefined) return sights;
  const { sums, offsets, sources, weights } = edges;
  for (let sum = 0; sum < sums; sum++) {
    for (let edge = offsets[cell]!; edge < offsets[cell + 1]!; edge++) {
      const weight = weights[edge * sums + sum]!;
      sights.push({ part: neighbourhood + sum, place: lattice + sources[edge]!, weight });
    }
  }
  return sights;
}

/** `bias + x w`, with `w` `[x.length, width]` and both at their places in larger arrays. */
export function affine(
  x: Float32Array,
  w: Float32Array,
  wAt: number,
  bias: Float32Array,
  biasAt: number,
  width: number,
): Float32Array {
  const out = bias.slice(biasAt, biasAt + width);
  for (let k = 0; k < x.length; k++) {
    for (let j = 0; j < width; j++) out[j] = f(out[j]! + f(x[k]! * w[wAt + k * width + j]!));
  }
  return out;
}

/** Places of the `k` greatest, the greatest first; of equals, the first. */
export function best(scores: Float32Array, k: number): number[] {
  return Array.from(scores.keys())
    .toSorted((a, b) => scores[b]! - scores[a]! || a - b)
    .slice(0, k);
}

/** Softmax of numbers of which the first is the greatest. */
export function softmaxOf(scores: readonly number[]): Float32Array {
  const powers = scores.map((score, i) => (i === 0 ? 1 : exp32(f(score - scores[0]!))));
  const sum = powers.reduce((total, power) => f(total + power), 0);
  return Float32Array.from(powers, (power) => power / sum);
}

/** Probability of every expert, and the logarithm of the sum of their exponentials. */
export function softmaxOfAll(scores: Float32Array): { probabilities: Float32Array; logPartition: number } {
  const highest = scores.reduce((a, b) => Math.max(a, b));
  const powers = scores.map((score) => exp32(f(score - highest)));
  const sum = powers.reduce((total, power) => f(total + power), 0);
  return { probabilities: powers.map((power) => power / sum), logPartition: f(highest + log32(sum)) };
}

function emptyStatistics(experts: number): { probability: Float32Array; chosen: Float32Array; z: number } {
  return { probability: new Float32Array(experts), chosen: new Float32Array(experts), z: 0 };
}

function count(sums: ReturnType<typeof emptyStatistics>, { scores, chosen }: Firing): void {
  const { probabilities, logPartition } = softmaxOfAll(scores);
  for (const [expert, p] of probabilities.entries()) sums.probability[expert] = f(sums.probability[expert]! + p);
  for (const expert of chosen) sums.chosen[expert] = sums.chosen[expert]! + 1;
  sums.z = f(sums.z + f(logPartition * logPartition));
}
