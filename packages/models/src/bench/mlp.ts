import { numbers } from "./numbers.ts";

/** A perceptron of two layers on one batch: softmax cross-entropy, Adam. */
export const MLP = { batch: 256, inputs: 64, hidden: 128, outputs: 10 } as const;

/** Its optimiser. */
export const ADAM = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** Shapes of its weights. */
export const mlpShapes: Readonly<Record<"w1" | "b1" | "w2" | "b2", readonly number[]>> = {
  w1: [MLP.inputs, MLP.hidden],
  b1: [MLP.hidden],
  w2: [MLP.hidden, MLP.outputs],
  b2: [MLP.outputs],
};

/** Inputs `[batch, inputs]`, targets `[batch]` and weights. */
export const mlpData = (): Readonly<Record<"x" | "w1" | "b1" | "w2" | "b2", Float32Array> & { y: Int32Array }> => ({
  x: numbers(MLP.batch * MLP.inputs, 1.5, 1),
  y: Int32Array.from({ length: MLP.batch }, (_, row) => (row * 7) % MLP.outputs),
  w1: numbers(MLP.inputs * MLP.hidden, 0.3, 2),
  b1: new Float32Array(MLP.hidden),
  w2: numbers(MLP.hidden * MLP.outputs, 0.15, 3),
  b2: new Float32Array(MLP.outputs),
});

/** Targets as `[batch, outputs]` of ones and zeros. */
export function oneHotTargets(y: Int32Array): Float32Array {
  const result = new Float32Array(y.length * MLP.outputs);
  y.forEach((target, row) => (result[row * MLP.outputs + target] = 1));
  return result;
}
