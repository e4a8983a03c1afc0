import {
  add,
  compile,
  div,
  exp,
  expandDims,
  fromData,
  gather,
  logSoftmax,
  mapTree,
  matmul,
  mean,
  mul,
  neg,
  relu,
  reshape,
  scan,
  sqrt,
  square,
  sub,
  take,
  tensor,
  valueAndGrad,
  zeros,
} from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";
import { contender } from "../measure/race.ts";
import type { Contender } from "../measure/race.ts";
import { ADAM, MLP, mlpData, mlpShapes } from "../work/mlp.ts";
import { numbers } from "../work/numbers.ts";
import { STATE, UPDATES, updateShapes, updatesData } from "../work/updates.ts";

type Weights = { w1: Tensor; b1: Tensor; w2: Tensor; b2: Tensor };

/** A product of tensors, its result in memory of its own. */
export function products(m: number, n: number, k: number): Contender {
  const [a, b] = [fromData(numbers(m * k, 1, 21), [m, k]), fromData(numbers(k * n, 1, 22), [k, n])];
  return contender("ganglion", () => matmul(a, b).data[0]!);
}

const perceptron = ({ w1, b1, w2, b2 }: Weights, x: Tensor): Tensor =>
  add(matmul(relu(add(matmul(x, w1), b1)), w2), b2);

const crossEntropy = (logits: Tensor, targets: Tensor): Tensor =>
  neg(mean(gather(logSoftmax(logits), expandDims(targets, 1))));

type Training = { params: Weights; first: Weights; second: Weights; count: Tensor };

function adamStep({ params, first, second, count }: Training, x: Tensor, y: Tensor) {
  const { learningRate, beta1, beta2, epsilon } = ADAM;
  const { value, grads } = valueAndGrad((p: Weights) => crossEntropy(perceptron(p, x), y))(params);
  const turn = add(count, 1);
  const m = mapTree((old, g) => add(mul(old, beta1), mul(g, 1 - beta1)), first, grads);
  const v = mapTree((old, g) => add(mul(old, beta2), mul(square(g), 1 - beta2)), second, grads);
  const scale = div(learningRate, sub(1, exp(mul(turn, Math.log(beta1)))));
  const spread = sub(1, exp(mul(turn, Math.log(beta2))));
  const move = (w: Tensor, a: Tensor, b: Tensor) => sub(w, div(mul(a, scale), add(sqrt(div(b, spread)), epsilon)));
  return { state: { params: mapTree(move, params, m, v), first: m, second: v, count: turn }, loss: value };
}

/** A training step written with tensors, as it stands or compiled. */
export function mlp(how: "eager" | "compiled"): Contender {
  const step = how === "eager" ? adamStep : compile(adamStep);
  const { x, y, ...weights } = mlpData();
  const [inputs, targets] = [fromData(x, [MLP.batch, MLP.inputs]), fromData(y, [MLP.batch])];
  const params = tensorsOf(weights, mlpShapes);
  const nothing = mapTree(({ shape }) => zeros(shape), params);
  let state: Training = { params, first: nothing, second: nothing, count: tensor(0) };
  return contender(`ganglion, ${how}`, () => {
    const result = step(state, inputs, targets);
    state = result.state;
    return result.loss.item();
  });
}

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
