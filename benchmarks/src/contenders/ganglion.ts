import {
  add,
  compile,
  fromData,
  matmul,
  mean,
  relu,
  reshape,
  scan,
  square,
  sub,
  take,
  tensor,
  valueAndGrad,
} from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";
import { contender } from "../measure/race.ts";
import type { Contender } from "../measure/race.ts";
import { STATE, UPDATES, updateShapes, updatesData } from "../work/updates.ts";

type Weights = { w1: Tensor; b1: Tensor; w2: Tensor; b2: Tensor };

/** Seen cells of each cell of a ring: left, itself, right. */
const seen = (() => {
  const { cells } = UPDATES;
  const near = Array.from({ length: cells }, (_, cell) => [(cell + cells - 1) % cells, cell, (cell + 1) % cells]);
  return tensor(near, "int32");
})();

function update({ w1, b1, w2, b2 }: Weights, state: Tensor): Tensor {
  const perception = reshape(take(state, seen, 1), [-1, UPDATES.seen]);
  const change = add(matmul(relu(add(matmul(perception, w1), b1)), w2), b2);
  return add(state, reshape(change, STATE));
}

function repeated(params: Weights, start: Tensor, target: Tensor): Tensor {
  let state = start;
  for (let step = 0; step < UPDATES.steps; step++) state = update(params, state);
  return mean(square(sub(state, target)));
}

function scanned(params: Weights, start: Tensor, target: Tensor): Tensor {
  const { carry } = scan((state: Tensor) => ({ carry: update(params, state), y: [] }), start, UPDATES.steps);
  return mean(square(sub(carry, target)));
}

const bodies = { "a loop": repeated, scan: scanned };

/** Loss and gradients of twenty updates, written as a loop or with `scan`; eagerly only as a loop. */
export function updates(how: "eager" | "compiled", body: keyof typeof bodies): Contender {
  const { state, target, ...weights } = updatesData();
  const gradient = valueAndGrad(bodies[body]);
  const run = how === "eager" ? gradient : compile(gradient);
  const [params, start, goal] = [tensorsOf(weights, updateShapes), fromData(state, STATE), fromData(target, STATE)];
  return contender(`ganglion, ${how}, ${body}`, () => run(params, start, goal).value.item());
}

/** The loss only. */
export function forward(how: "eager" | "compiled"): Contender {
  const { state, target, ...weights } = updatesData();
  const run = how === "eager" ? repeated : compile(repeated);
  const [params, start, goal] = [tensorsOf(weights, updateShapes), fromData(state, STATE), fromData(target, STATE)];
  return contender(`ganglion, ${how}`, () => run(params, start, goal).item());
}

function tensorsOf(
  weights: Record<keyof Weights, Float32Array>,
  shapes: Record<keyof Weights, readonly number[]>,
): Weights {
  const one = (name: keyof Weights) => fromData(weights[name], shapes[name]);
  return { w1: one("w1"), b1: one("b1"), w2: one("w2"), b2: one("b2") };
}
