import { blockUntilReady, defaultDevice, init, jit, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import { contender } from "../measure/race.ts";
import { ADAM, MLP, mlpData, mlpShapes, oneHotTargets } from "../work/mlp.ts";
import { numbers } from "../work/numbers.ts";
import { STATE, UPDATES, updateShapes, updatesData } from "../work/updates.ts";
import { automaton, training } from "./jax-automaton.ts";
import { cells, spread } from "./jax-cells.ts";
import type { Peer } from "./peer.ts";

await init("wasm");
defaultDevice("wasm");

type Weights = { w1: np.Array; b1: np.Array; w2: np.Array; b2: np.Array };

const name = "jax-js, jit";
const array = (values: Float32Array, shape: readonly number[]) =>
  np.array(values as Float32Array<ArrayBuffer>, { shape: [...shape] });
const scalar = async (x: np.Array) => (await x.data())[0]!;

function weightsOf(
  data: Record<keyof Weights, Float32Array>,
  shapes: Record<keyof Weights, readonly number[]>,
): Weights {
  const one = (key: keyof Weights) => array(data[key], shapes[key]);
  return { w1: one("w1"), b1: one("b1"), w2: one("w2"), b2: one("b2") };
}

export const jax: Peer = {
  name,
  matmul(m, n, k) {
    const [a, b] = [array(numbers(m * k, 1, 21), [m, k]), array(numbers(k * n, 1, 22), [k, n])];
    return contender("jax-js", async () => scalar(np.matmul(a.ref, b.ref)));
  },
  mlp() {
    const { beta1, beta2, epsilon, learningRate } = ADAM;
    const step = jit((p: Weights, m: Weights, v: Weights, turn: np.Array, x: np.Array, y: np.Array) => {
      const [value, grads] = valueAndGrad(crossEntropy)(tree.ref(p), x, y);
      const scale = np.subtract(1, np.power(beta1, turn.ref));
      const spread = np.subtract(1, np.power(beta2, turn));
      const adam = (key: keyof Weights) => {
        const first = m[key].mul(beta1).add(grads[key].ref.mul(1 - beta1));
        const second = v[key].mul(beta2).add(grads[key].ref.mul(grads[key]).mul(1 - beta2));
        const size = np.sqrt(second.ref.div(spread.ref)).add(epsilon);
        return { w: p[key].sub(first.ref.div(scale.ref).mul(learningRate).div(size)), first, second };
      };
      const [w1, b1, w2, b2] = [adam("w1"), adam("b1"), adam("w2"), adam("b2")];
      const collect = (part: "w" | "first" | "second"): Weights => ({
        w1: w1[part],
        b1: b1[part],
        w2: w2[part],
        b2: b2[part],
      });
      scale.dispose();
      spread.dispose();
      return [collect("w"), collect("first"), collect("second"), value] as const;
    });
    const { x, y, ...weights } = mlpData();
    const inputs = array(x, [MLP.batch, MLP.inputs]);
    const targets = array(oneHotTargets(y), [MLP.batch, MLP.outputs]);
    const nothing = () => weightsOf(zerosLike(weights), mlpShapes);
    let [p, m, v] = [weightsOf(weights, mlpShapes), nothing(), nothing()];
    let turn = 0;
    return contender(name, async () => {
      turn++;
      const [next, first, second, value] = step(p, m, v, np.array(turn), inputs.ref, targets.ref);
      [p, m, v] = [next, first, second];
      await blockUntilReady(p);
      return scalar(value);
    });
  },
  updates() {
    const gradient = jit(valueAndGrad(distance));
    const { weights, start, target } = updateArrays();
    return contender(name, async () => {
      const [value, grads] = gradient(tree.ref(weights), start.ref, target.ref);
      await blockUntilReady(grads);
      tree.dispose(grads);
      return scalar(value);
    });
  },
  forward() {
    const run = jit(distance);
    const { weights, start, target } = updateArrays();
    return contender(name, async () => scalar(run(tree.ref(weights), start.ref, target.ref)));
  },
  automaton: (file) => automaton(name, file),
  training: (file) => training(name, file),
  ring: (file) => cells(name, file),
  mesh: (file) => cells(name, file),
  spread: (file) => spread(name, file),
};

function crossEntropy(p: Weights, x: np.Array, y: np.Array): np.Array {
  const h = nn.relu(np.matmul(x, p.w1).add(p.b1));
  const logs = nn.logSoftmax(np.matmul(h, p.w2).add(p.b2));
  return logs
    .mul(y)
    .sum()
    .mul(-1 / MLP.batch);
}

function distance(p: Weights, start: np.Array, target: np.Array): np.Array {
  const { batch, cells, seen, steps } = UPDATES;
  let state = start;
  for (let step = 0; step < steps; step++) {
    const near = np.concatenate([np.roll(state.ref, 1, 1), state.ref, np.roll(state.ref, -1, 1)], 2);
    const h = nn.relu(np.matmul(near.reshape([batch * cells, seen]), p.w1.ref).add(p.b1.ref));
    state = state.add(
      np
        .matmul(h, p.w2.ref)
        .add(p.b2.ref)
        .reshape([...STATE]),
    );
  }
  tree.dispose(p);
  const difference = state.sub(target);
  return np.mean(difference.ref.mul(difference));
}

function updateArrays() {
  const { state, target, ...weights } = updatesData();
  return { weights: weightsOf(weights, updateShapes), start: array(state, STATE), target: array(target, STATE) };
}

const zerosLike = (weights: Record<keyof Weights, Float32Array>): Record<keyof Weights, Float32Array> => ({
  w1: new Float32Array(weights.w1.length),
  b1: new Float32Array(weights.b1.length),
  w2: new Float32Array(weights.w2.length),
  b2: new Float32Array(weights.b2.length),
});
