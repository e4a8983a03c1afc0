import { contender } from "../measure/race.ts";
import { ADAM, MLP, mlpData, oneHotTargets } from "../work/mlp.ts";
import { numbers } from "../work/numbers.ts";
import { UPDATES, updatesData } from "../work/updates.ts";
import { plainCells } from "./plain-cells.ts";
import { addColumns, multiply, transpose } from "./plain-loops.ts";
import { spreadFew } from "./plain-spread.ts";
import type { Peer } from "./peer.ts";

const name = "plain loops";
const floats = (length: number) => new Float32Array(length);

/** What TypeScript without a library gives: loops over arrays, gradients derived by hand. */
export const plain: Peer = {
  name,
  matmul(m, n, k) {
    const [a, b, out] = [numbers(m * k, 1, 21), numbers(k * n, 1, 22), floats(m * n)];
    return contender(name, () => {
      multiply(m, n, k, a, b, out);
      return out[0]!;
    });
  },
  mlp() {
    const { batch, inputs, hidden, outputs } = MLP;
    const { x, y, ...params } = mlpData();
    const [targets, columns] = [oneHotTargets(y), transpose(batch, inputs, x)];
    const grads = mapWeights(params, ({ length }) => floats(length));
    const [first, second] = [mapWeights(grads, zeros), mapWeights(grads, zeros)];
    const [h, logits, back] = [floats(batch * hidden), floats(batch * outputs), floats(batch * hidden)];
    let turn = 0;
    return contender(name, () => {
      turn++;
      multiply(batch, hidden, inputs, x, params.w1, h);
      rectify(h, params.b1);
      multiply(batch, outputs, hidden, h, params.w2, logits);
      const loss = softmaxGradient(logits, params.b2, targets, batch);
      multiply(hidden, outputs, batch, transpose(batch, hidden, h), logits, grads.w2);
      addColumns(batch, outputs, logits, grads.b2.fill(0));
      multiply(batch, hidden, outputs, logits, transpose(hidden, outputs, params.w2), back);
      gate(back, h);
      multiply(inputs, hidden, batch, columns, back, grads.w1);
      addColumns(batch, hidden, back, grads.b1.fill(0));
      for (const key of KEYS) adam(params[key], first[key], second[key], grads[key], turn);
      return loss;
    });
  },
  updates() {
    const run = automaton();
    return contender(name, () => run(true));
  },
  forward() {
    const run = automaton();
    return contender(name, () => run(false));
  },
  ring: (file) => plainCells(name, file),
  mesh: (file) => plainCells(name, file),
  spreadFew: (file) => spreadFew(name, file),
};

const KEYS = ["w1", "b1", "w2", "b2"] as const;
type Weights = Record<(typeof KEYS)[number], Float32Array>;

const mapWeights = (weights: Weights, f: (values: Float32Array) => Float32Array): Weights => ({
  w1: f(weights.w1),
  b1: f(weights.b1),
  w2: f(weights.w2),
  b2: f(weights.b2),
});

const zeros = ({ length }: Float32Array) => floats(length);

function rectify(h: Float32Array, bias: Float32Array): void {
  for (let i = 0; i < h.length;) {
    for (let j = 0; j < bias.length; j++, i++) h[i] = Math.max(0, h[i]! + bias[j]!);
  }
}

function gate(values: Float32Array, by: Float32Array): void {
  for (let i = 0; i < values.length; i++) if (!(by[i]! > 0)) values[i] = 0;
}

/** Leaves the gradient of the logits in their place and returns the mean cross-entropy. */
function softmaxGradient(logits: Float32Array, bias: Float32Array, targets: Float32Array, rows: number): number {
  const width = bias.length;
  let loss = 0;
  for (let start = 0; start < logits.length; start += width) {
    let largest = -Infinity;
    for (let j = 0; j < width; j++) {
      logits[start + j]! += bias[j]!;
      largest = Math.max(largest, logits[start + j]!);
    }
    let total = 0;
    for (let j = 0; j < width; j++) total += Math.exp(logits[start + j]! - largest);
    const shift = largest + Math.log(total);
    for (let j = 0; j < width; j++) {
      const log = logits[start + j]! - shift;
      loss -= (log * targets[start + j]!) / rows;
      logits[start + j] = (Math.exp(log) - targets[start + j]!) / rows;
    }
  }
  return loss;
}

function adam(p: Float32Array, m: Float32Array, v: Float32Array, g: Float32Array, turn: number): void {
  const { learningRate, beta1, beta2, epsilon } = ADAM;
  const [scale, spread] = [learningRate / (1 - beta1 ** turn), 1 / (1 - beta2 ** turn)];
  for (let i = 0; i < p.length; i++) {
    m[i] = beta1 * m[i]! + (1 - beta1) * g[i]!;
    v[i] = beta2 * v[i]! + (1 - beta2) * g[i]! * g[i]!;
    p[i]! -= (scale * m[i]!) / (Math.sqrt(v[i]! * spread) + epsilon);
  }
}

function automaton(): (backward: boolean) => number {
  const { batch, cells, channels, seen, hidden, steps } = UPDATES;
  const rows = batch * cells;
  const { state, target, ...weights } = updatesData();
  const [w1, w2] = [transpose(seen, hidden, weights.w1), transpose(hidden, channels, weights.w2)];
  const tape = Array.from({ length: steps }, () => ({ near: floats(rows * seen), h: floats(rows * hidden) }));
  const [s, change, ds] = [floats(rows * channels), floats(rows * channels), floats(rows * channels)];
  const [dh, dnear] = [floats(rows * hidden), floats(rows * seen)];
  const grads = mapWeights(weights, zeros);
  const neighbour = (row: number, side: number): number => {
    const cell = row % cells;
    return row - cell + ((cell + side + cells) % cells);
  };
  const forward = (): number => {
    s.set(state);
    for (const { near, h } of tape) {
      for (let row = 0; row < rows; row++) {
        for (let side = -1; side <= 1; side++) {
          const from = neighbour(row, side) * channels;
          near.set(s.subarray(from, from + channels), row * seen + (side + 1) * channels);
        }
      }
      multiply(rows, hidden, seen, near, weights.w1, h);
      rectify(h, weights.b1);
      multiply(rows, channels, hidden, h, weights.w2, change);
      for (let i = 0; i < s.length; i++) s[i]! += change[i]! + weights.b2[i % channels]!;
    }
    let loss = 0;
    for (let i = 0; i < s.length; i++) {
      const difference = s[i]! - target[i]!;
      loss += difference * difference;
      ds[i] = (2 * difference) / s.length;
    }
    return loss / s.length;
  };
  const backward = (): void => {
    for (const key of KEYS) grads[key].fill(0);
    for (const { near, h } of tape.toReversed()) {
      multiply(hidden, channels, rows, transpose(rows, hidden, h), ds, grads.w2, true);
      addColumns(rows, channels, ds, grads.b2);
      multiply(rows, hidden, channels, ds, w2, dh);
      gate(dh, h);
      multiply(seen, hidden, rows, transpose(rows, seen, near), dh, grads.w1, true);
      addColumns(rows, hidden, dh, grads.b1);
      multiply(rows, seen, hidden, dh, w1, dnear);
      for (let row = 0; row < rows; row++) {
        for (let side = -1; side <= 1; side++) {
          const [to, from] = [neighbour(row, side) * channels, row * seen + (side + 1) * channels];
          for (let i = 0; i < channels; i++) ds[to + i]! += dnear[from + i]!;
        }
      }
    }
  };
  return (back) => {
    const loss = forward();
    if (back) backward();
    return loss;
  };
}
