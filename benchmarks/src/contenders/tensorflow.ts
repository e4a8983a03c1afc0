import * as tf from "@tensorflow/tfjs";
import { contender } from "../measure/race.ts";
import { ADAM, MLP, mlpData, mlpShapes, oneHotTargets } from "../work/mlp.ts";
import { numbers } from "../work/numbers.ts";
import { STATE, UPDATES, updateShapes, updatesData } from "../work/updates.ts";
import type { Peer } from "./peer.ts";
import { cells as stepOfCells, spread } from "./tensorflow-cells.ts";

tf.enableProdMode(); // no greeting
await import("@tensorflow/tfjs-backend-wasm");
await tf.setBackend("wasm");
await tf.ready();

const name = "tfjs wasm";
const { batch, cells, seen, steps } = UPDATES;

export const tensorflow: Peer = {
  name,
  matmul(m, n, k) {
    const [a, b] = [tf.tensor2d(numbers(m * k, 1, 21), [m, k]), tf.tensor2d(numbers(k * n, 1, 22), [k, n])];
    return contender(name, () => first(tf.matMul(a, b)));
  },
  mlp() {
    const { x, y, ...weights } = mlpData();
    const variable = (key: keyof typeof mlpShapes) => tf.variable(tf.tensor(weights[key], [...mlpShapes[key]]));
    const [w1, b1, w2, b2] = [variable("w1"), variable("b1"), variable("w2"), variable("b2")];
    const inputs = tf.tensor2d(x, [MLP.batch, MLP.inputs]);
    const targets = tf.tensor2d(oneHotTargets(y), [MLP.batch, MLP.outputs]);
    const optimiser = tf.train.adam(ADAM.learningRate, ADAM.beta1, ADAM.beta2, ADAM.epsilon);
    const loss = (): tf.Scalar => {
      const h = tf.relu(tf.add(tf.matMul(inputs, w1), b1));
      const logs = tf.logSoftmax(tf.add(tf.matMul(h, w2), b2));
      return tf.mul(tf.sum(tf.mul(logs, targets)), -1 / MLP.batch);
    };
    return contender(name, () => first(optimiser.minimize(loss, true, [w1, b1, w2, b2])!));
  },
  updates() {
    const { weights, distance } = updateTensors();
    const gradient = tf.valueAndGrads(distance);
    return contender(name, () => {
      const { value, grads } = gradient(weights);
      for (const grad of grads) {
        grad.dataSync();
        grad.dispose();
      }
      return first(value);
    });
  },
  forward() {
    const { weights, distance } = updateTensors();
    return contender(name, () => first(tf.tidy(() => distance(...weights))));
  },
  ring: (file) => stepOfCells(name, file),
  mesh: (file) => stepOfCells(name, file),
  spread: (file) => spread(name, file),
};

function first(x: tf.Tensor): number {
  const [value] = x.dataSync();
  x.dispose();
  return value!;
}

function updateTensors() {
  const { state, target, ...data } = updatesData();
  const weight = (key: keyof typeof updateShapes) => tf.tensor(data[key], [...updateShapes[key]]);
  const [start, goal] = [tf.tensor3d(state, [...STATE]), tf.tensor3d(target, [...STATE])];
  const distance = (...[w1, b1, w2, b2]: tf.Tensor[]): tf.Scalar => {
    let now = start;
    for (let step = 0; step < steps; step++) {
      const near = tf.reshape(tf.concat([left(now), now, right(now)], 2), [batch * cells, seen]);
      const h = tf.relu(tf.add(tf.matMul(near, w1!), b1!));
      now = tf.add(now, tf.reshape(tf.add(tf.matMul(h, w2!), b2!), [...STATE]));
    }
    return tf.mean(tf.squaredDifference(now, goal));
  };
  return { weights: [weight("w1"), weight("b1"), weight("w2"), weight("b2")], distance };
}

const left = (x: tf.Tensor3D): tf.Tensor3D =>
  tf.concat([tf.slice(x, [0, cells - 1, 0], [-1, 1, -1]), tf.slice(x, [0, 0, 0], [-1, cells - 1, -1])], 1);
const right = (x: tf.Tensor3D): tf.Tensor3D =>
  tf.concat([tf.slice(x, [0, 1, 0], [-1, cells - 1, -1]), tf.slice(x, [0, 0, 0], [-1, 1, -1])], 1);
