import { cos } from "@ganglion/kernels";
import { foldIn, normal, split, uniform } from "@ganglion/tensor";
import type { Key } from "@ganglion/tensor";
import { groupOf, PARAMETERS } from "./layout.ts";
import type { GroupName } from "./layout.ts";
import { WIDTH, loops } from "./loops.ts";
import { drawProblems, writeProblem } from "./problems.ts";
import type { Pair } from "./problems.ts";

/** A stretch of training with one falling learning rate. */
export interface Phase {
  readonly steps: number;
  /** Examples per step. */
  readonly batch: number;
  /** Learning rate at the start and at the end of half a cosine. */
  readonly rate: readonly [from: number, to: number];
  /** Steps during which the rate rises to its start. */
  readonly warmup: number;
  /** Share of the weights that the learning rate takes away in a step. */
  readonly decay: number;
  /** Share of carrying problems at the start and at the end, and when it falls. */
  readonly carrying: {
    readonly from: number;
    readonly to: number;
    readonly falls: readonly [start: number, end: number];
  };
  /** Most digits from each step on. */
  readonly digits: readonly (readonly [step: number, digits: number])[];
}

/** What a training goes on from. */
export interface State {
  readonly params: Float64Array;
  readonly mean: Float64Array;
  readonly square: Float64Array;
}

/** The start of training. */
export function initialise(seed: Key): State {
  const params = new Float64Array(PARAMETERS);
  const [forEquals, ...others] = split(seed, 5) as [Key, ...Key[]];
  groupOf(params, "arc").set([2.5, -1.2, 0.29]);
  groupOf(params, "equals").set(normal(forEquals, [3], { deviation: 0.02, dtype: "float64" }).data);
  const bounds: readonly (readonly [GroupName, number])[] = [
    ["query", Math.sqrt(6 / 7)],
    ["read", 1],
    ["up", Math.sqrt(6 / 7)],
    ["head", Math.sqrt(6 / 7)],
  ];
  for (const [index, [name, bound]] of bounds.entries()) {
    const group = groupOf(params, name);
    group.set(uniform(others[index]!, [group.length], { min: -bound, max: bound, dtype: "float64" }).data);
  }
  groupOf(params, "norm").fill(1);
  return { params, mean: new Float64Array(PARAMETERS), square: new Float64Array(PARAMETERS) };
}

/** Steps of a phase from a state, which they change; `counterexamples` take the first rows of every batch. */
export function stepper(
  phase: Phase,
  seed: Key,
  counterexamples: readonly Pair[] = [],
): (state: State, step: number) => number {
  const work = loops();
  const digits = new Uint8Array(phase.batch * WIDTH);
  const gradient = new Float64Array(PARAMETERS);
  return (state, step) => {
    const most = phase.digits.findLast(([from]) => from <= step)?.[1] ?? 10;
    drawProblems(foldIn(seed, step), phase.batch, { digits: most, carrying: carryingAt(phase, step) }, digits);
    for (let i = 0; i < Math.min(counterexamples.length, phase.batch / 4); i++) {
      writeProblem(counterexamples[(step + i) % counterexamples.length]!, digits, WIDTH * i);
    }
    const loss = work.gradient(state.params, digits, gradient);
    adam(state, gradient, step, rateAt(phase, step), phase.decay);
    return loss;
  };
}

/** Learning rate of a step. */
function rateAt({ rate: [from, to], steps, warmup }: Phase, step: number): number {
  if (step < warmup) return (from * (step + 1)) / warmup;
  return to + ((from - to) / 2) * (1 + cos((Math.PI * (step - warmup)) / (steps - warmup)));
}

function carryingAt({ carrying: { from, to, falls } }: Phase, step: number): number {
  const done = Math.min(1, Math.max(0, (step - falls[0]) / (falls[1] - falls[0])));
  return from + (to - from) * done;
}

/** Adam with decoupled decay, after the gradient was cut to length 1. */
function adam(
  { params, mean, square }: State,
  gradient: Float64Array,
  step: number,
  rate: number,
  decay: number,
): void {
  let length = 0;
  for (const g of gradient) length += g * g;
  length = Math.sqrt(length);
  const cut = length > 1 ? 1 / (length + 1e-6) : 1;
  const [bias1, bias2] = [1 - 0.9 ** (step + 1), 1 - 0.999 ** (step + 1)];
  for (let i = 0; i < PARAMETERS; i++) {
    const g = gradient[i]! * cut;
    mean[i] = 0.9 * mean[i]! + 0.1 * g;
    square[i] = 0.999 * square[i]! + 0.001 * g * g;
    params[i]! -= rate * decay * params[i]! + (rate * (mean[i]! / bias1)) / (Math.sqrt(square[i]! / bias2) + 1e-8);
  }
}
