// The automaton in integers, in plain loops. Sums of products of codes are exact; what follows is rounded to float32.
import { best, softmaxOf } from "../reference.ts";
import type { AutomatonShape } from "../program.ts";
import { factorsOf } from "./program.ts";
import type { Factors, IntegerChoices, IntegerProgram, IntegerResult, IntegerRun, IntegerWeights } from "./program.ts";

const f = Math.fround;

/** The definition of `integerProgram`: readable, and slow. */
export function integerReference(shape: AutomatonShape): IntegerProgram {
  let loaded: { weights: IntegerWeights; factors: Factors } | undefined;
  return {
    load: (weights) => (loaded = { weights, factors: factorsOf(shape, weights, weights.second.scales) }),
    run: (run) => rollOut(shape, loaded!.weights, loaded!.factors, run),
  };
}

function rollOut(shape: AutomatonShape, weights: IntegerWeights, factors: Factors, run: IntegerRun): IntegerResult {
  const { cells, channels, neighbourhood, neighbours } = shape;
  const { state: start, inputs, masks, threshold, keep = false, choices: wanted = false } = run;
  const state = start.slice();
  const view = new Int16Array(state.length);
  const show = (i: number): void => {
    view[i] = code(f(f(state[i]! + (inputs?.[i] ?? 0)) * factors.perUnit));
  };
  for (let i = 0; i < state.length; i++) show(i);
  const known = new Map<number, Int16Array>();
  const limit = threshold === undefined ? -1 : Math.round(threshold * factors.perUnit);
  let fired = 0;
  const states: Float32Array[] = [];
  const choices: IntegerChoices[] = [];
  for (const mask of masks) {
    const next = new Map<number, Mixed>();
    for (let place = 0; place < mask.length; place++) {
      if (mask[place] !== 1) continue;
      const cell = place % cells;
      const seen = new Int16Array(neighbourhood * channels);
      for (let n = 0; n < neighbourhood; n++) {
        const other = neighbours[cell * neighbourhood + n]!;
        const at = (place - cell + other) * channels;
        if (other >= 0) seen.set(view.subarray(at, at + channels), n * channels);
      }
      const before = known.get(place);
      if (before?.every((code, i) => Math.abs(code - seen[i]!) <= limit) === true) continue;
      known.set(place, seen);
      next.set(place, mix(shape, weights, factors, seen));
    }
    fired += next.size;
    for (const [place, { mixed }] of next) {
      for (let i = 0; i < channels; i++) {
        state[place * channels + i] = squash(mixed[i]!);
        show(place * channels + i);
      }
    }
    if (keep) states.push(state.slice());
    if (wanted) choices.push(choicesOf(mask.length, next));
  }
  return { state, states, fired, choices };
}

function choicesOf(places: number, next: ReadonlyMap<number, Mixed>): IntegerChoices {
  const fired = new Uint8Array(places);
  for (const place of next.keys()) fired[place] = 1;
  const all = [...next.values()];
  return {
    fired,
    experts: Int32Array.from(all.flatMap(({ chosen }) => chosen)),
    gates: Float32Array.from(all.flatMap(({ gates }) => [...gates])),
  };
}

/** What the experts that a cell chose say together. */
interface Mixed {
  readonly mixed: Float32Array;
  /** Best first. */
  readonly chosen: readonly number[];
  readonly gates: Float32Array;
}

function mix(shape: AutomatonShape, weights: IntegerWeights, factors: Factors, seen: Int16Array): Mixed {
  const { channels, hidden, experts, topK } = shape;
  const { router, first, second } = weights;
  const scores = layer(seen, router.codes, 0, factors.router, router.bias, 0, experts);
  const chosen = best(scores, topK);
  const gates = softmaxOf(chosen.map((expert) => scores[expert]!));
  const mixed = new Float32Array(channels);
  for (const e of chosen.toSorted((a, b) => a - b)) {
    const size = seen.length * hidden;
    const neurons = layer(seen, first.codes, e * size, factors.first, factors.firstBias, e * hidden, hidden);
    const codes = Int16Array.from(neurons, (x) => code(Math.max(x, 0)));
    const at = e * channels;
    const output = layer(codes, second.codes, at * hidden, factors.second, second.bias, at, channels);
    const gate = gates[chosen.indexOf(e)]!;
    for (let i = 0; i < channels; i++) mixed[i] = f(mixed[i]! + f(output[i]! * gate));
  }
  return { mixed, chosen, gates };
}

function layer(
  x: Int16Array,
  codes: Int8Array,
  codesAt: number,
  factor: Float32Array,
  bias: Float32Array,
  at: number,
  width: number,
): Float32Array {
  return Float32Array.from({ length: width }, (_, j) => {
    let sum = 0;
    for (let k = 0; k < x.length; k++) sum += x[k]! * codes[codesAt + k * width + j]!;
    return f(f(f(sum) * factor[at + j]!) + bias[at + j]!);
  });
}

/** The nearest code of 16 bits. */
function code(x: number): number {
  return Math.min(Math.max(nearest(x), -32768), 32767);
}

/** Nearest integer, halves to the even one. */
function nearest(x: number): number {
  return f(f(x + 12582912) - 12582912);
}

/** tanh by a continued fraction, to 2e-5. */
function squash(x: number): number {
  const t = Math.min(Math.max(x, -5), 5);
  const z = f(t * t);
  let p = f(z + 378);
  p = f(f(p * z) + 17325);
  p = f(f(p * z) + 135135);
  let q = f(f(z * 28) + 3150);
  q = f(f(q * z) + 62370);
  q = f(f(q * z) + 135135);
  return Math.min(Math.max(f(f(t * p) / q), -1), 1);
}
