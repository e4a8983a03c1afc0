import { foldIn, normal, split, uniform } from "@ganglion/tensor";
import type { Key } from "@ganglion/tensor";
import { groupOf, PARAMETERS } from "./layout.ts";
import type { GroupName } from "./layout.ts";
import { WIDTH, loops } from "./loops.ts";
import { adam, rateAt } from "../descent.ts";
import type { Rates, State } from "../descent.ts";
import type { Pair } from "../sums.ts";
import { drawProblems, writeProblem } from "./problems.ts";

/** A stretch of training with one falling learning rate. */
export interface Phase extends Rates {
  /** Examples per step. */
  readonly batch: number;
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

function carryingAt({ carrying: { from, to, falls } }: Phase, step: number): number {
  const done = Math.min(1, Math.max(0, (step - falls[0]) / (falls[1] - falls[0])));
  return from + (to - from) * done;
}
