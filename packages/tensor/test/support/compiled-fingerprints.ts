import {
  add,
  compile,
  div,
  foldIn,
  fromData,
  key,
  logSoftmax,
  matmul,
  mean,
  mul,
  neg,
  normal,
} from "../../src/index.ts";
import { oneHot, randomInt, relu, scan, split, sqrt, square, sub, sum, tanh } from "../../src/index.ts";
import { valueAndGrad, zeros } from "../../src/index.ts";
import type { Key, Tensor } from "../../src/index.ts";

type Params = Record<"w1" | "b1" | "w2" | "b2", Tensor>;
type State = { readonly params: Params; readonly mean: Params; readonly variance: Params };

/** A tiny training: state, examples and a key to the next state and the loss. */
export type TinyStep = (state: State, x: Tensor, target: Tensor, noise: Key) => { state: State; loss: Tensor };

/** Where a tiny training starts, and its examples. */
export function tinyTraining(): { state: State; x: Tensor; target: Tensor } {
  const [first, second, third, fourth] = split(key(7), 4) as [Key, Key, Key, Key];
  const params = {
    w1: normal(first, [12, 16], { deviation: 0.3 }),
    b1: zeros([16]),
    w2: normal(second, [16, 5], { deviation: 0.3 }),
    b2: zeros([5]),
  };
  const none = { w1: zeros([12, 16]), b1: zeros([16]), w2: zeros([16, 5]), b2: zeros([5]) };
  const x = normal(third, [9, 12]);
  const target = oneHot(randomInt(fourth, [9], 0, 5), 5);
  return { state: { params, mean: none, variance: none }, x, target };
}

/** Forward, backward and Adam: a perceptron that works on its hidden neurons three times. */
export const tinyStep: TinyStep = (state, x, target, noise) => {
  const lossOf = (params: Params): Tensor => {
    const seen = add(x, normal(noise, [9, 12], { deviation: 0.01 }));
    const start = relu(add(matmul(seen, params.w1), params.b1));
    const { carry } = scan((hidden) => ({ carry: tanh(add(hidden, start)), y: sum(hidden) }), zeros([9, 16]), 3);
    return neg(mean(mul(target, logSoftmax(add(matmul(carry, params.w2), params.b2)))));
  };
  const { value, grads } = valueAndGrad(lossOf)(state.params);
  const names = ["w1", "b1", "w2", "b2"] as const;
  const next = { params: { ...state.params }, mean: { ...state.mean }, variance: { ...state.variance } };
  for (const name of names) {
    next.mean[name] = add(mul(state.mean[name], 0.9), mul(grads[name], 0.1));
    next.variance[name] = add(mul(state.variance[name], 0.99), mul(square(grads[name]), 0.01));
    const change = div(next.mean[name], add(sqrt(next.variance[name]), 1e-6));
    next.params[name] = sub(state.params[name], mul(change, 0.01));
  }
  return { state: next, loss: value };
};

/** Hashes of twenty steps of a tiny training, compiled and eager. */
export function compiledFingerprints(): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, step] of Object.entries({ compiled: compile(tinyStep), eager: tinyStep })) {
    let { state, x, target } = tinyTraining();
    let loss: Tensor = fromData(new Float32Array(1), []);
    for (let update = 0; update < 20; update++) ({ state, loss } = step(state, x, target, foldIn(key(3), update)));
    result[name] = hash([loss, ...Object.values(state.params), ...Object.values(state.variance)]);
  }
  return result;
}

/** Measured in Node 26 on x86-64. */
export const expectedCompiled: Readonly<Record<string, string>> = { compiled: "1389a30c", eager: "1389a30c" };

/** FNV-1a of the bytes of tensors. */
function hash(tensors: readonly Tensor[]): string {
  let hash = 0x811c9dc5;
  for (const { data } of tensors) {
    for (const byte of new Uint8Array(data.buffer, data.byteOffset, data.byteLength)) {
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}
