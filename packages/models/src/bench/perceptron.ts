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
  sqrt,
  square,
  sub,
  tensor,
  valueAndGrad,
  zeros,
} from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";
import { ADAM, MLP, mlpData, mlpShapes } from "./mlp.ts";
import { numbers } from "./numbers.ts";
import { contender } from "./race.ts";
import type { Contender } from "./race.ts";

/** A product of tensors `[m, k]` and `[k, n]`, its result in memory of its own. */
export function products(m: number, n: number, k: number): Contender {
  const [a, b] = [fromData(numbers(m * k, 1, 21), [m, k]), fromData(numbers(k * n, 1, 22), [k, n])];
  return contender("ganglion", () => matmul(a, b).data[0]!);
}

type Weights = { w1: Tensor; b1: Tensor; w2: Tensor; b2: Tensor };
type Training = { params: Weights; first: Weights; second: Weights; count: Tensor };

/** A training step of a perceptron written with tensors, as it stands or compiled. */
export function mlp(how: "eager" | "compiled"): Contender {
  const step = how === "eager" ? adamStep : compile(adamStep);
  const { x, y, ...weights } = mlpData();
  const [inputs, targets] = [fromData(x, [MLP.batch, MLP.inputs]), fromData(y, [MLP.batch])];
  const one = (name: keyof Weights): Tensor => fromData(weights[name], mlpShapes[name]);
  const params = { w1: one("w1"), b1: one("b1"), w2: one("w2"), b2: one("b2") };
  const nothing = mapTree(({ shape }) => zeros(shape), params);
  let state: Training = { params, first: nothing, second: nothing, count: tensor(0) };
  return contender(`ganglion, ${how}`, () => {
    const result = step(state, inputs, targets);
    state = result.state;
    return result.loss.item();
  });
}

function adamStep({ params, first, second, count }: Training, x: Tensor, y: Tensor): { state: Training; loss: Tensor } {
  const { learningRate, beta1, beta2, epsilon } = ADAM;
  const { value, grads } = valueAndGrad((p: Weights) => crossEntropy(perceptron(p, x), y))(params);
  const turn = add(count, 1);
  const m = mapTree((old, g) => add(mul(old, beta1), mul(g, 1 - beta1)), first, grads);
  const v = mapTree((old, g) => add(mul(old, beta2), mul(square(g), 1 - beta2)), second, grads);
  const scale = div(learningRate, sub(1, exp(mul(turn, Math.log(beta1)))));
  const spread = sub(1, exp(mul(turn, Math.log(beta2))));
  const move = (w: Tensor, a: Tensor, b: Tensor): Tensor =>
    sub(w, div(mul(a, scale), add(sqrt(div(b, spread)), epsilon)));
  return { state: { params: mapTree(move, params, m, v), first: m, second: v, count: turn }, loss: value };
}

const perceptron = ({ w1, b1, w2, b2 }: Weights, x: Tensor): Tensor =>
  add(matmul(relu(add(matmul(x, w1), b1)), w2), b2);

const crossEntropy = (logits: Tensor, targets: Tensor): Tensor =>
  neg(mean(gather(logSoftmax(logits), expandDims(targets, 1))));
