import { blockUntilReady, jit, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import { contender } from "../measure/race.ts";
import type { Contender } from "../measure/race.ts";
import { readArrays } from "../work/arrays.ts";
import type { Shaped } from "../work/arrays.ts";

/** Strips that stay in the cache together. */
const CHUNK = 500;

type Weights = Record<string, np.Array>;

const float = (values: ArrayLike<number>, shape: readonly number[]) =>
  np.array(Float32Array.from(values), { shape: [...shape] });

/** The files that `work/automaton.ts` writes, in jax-js: what is given, and the weights beside it. */
function open(path: string) {
  const { a, b, answers, inputs, masks, balance, ...weights } = readArrays(path);
  const [problems, cells, channels] = inputs!.shape as [number, number, number];
  const steps = masks!.shape[0]!;
  /** Who fires in each step, of some of the problems. */
  const fired = (first: number, count: number) =>
    Array.from({ length: steps }, (_, step) => {
      const start = (step * problems + first) * cells;
      return float(masks!.data.subarray(start, start + count * cells), [count, cells, 1]);
    });
  return {
    p: Object.fromEntries(Object.entries(weights).map(([name, { data, shape }]) => [name, float(data, shape)])),
    importance: balance!.data[0]!,
    given: { a: a!, b: b!, answers: answers! },
    inputs: inputs!,
    shape: { problems, cells, channels, steps },
    fired,
  };
}

/** Weights of all experts side by side: those that were not chosen are hidden by a gate of 0. Takes what it is given. */
function sideBySide({ w1, b1, w2, b2, router, routerBias }: Weights): Weights {
  const [experts, seen, hidden] = w1!.shape as [number, number, number];
  return {
    first: w1!.transpose([1, 0, 2]).reshape([seen, experts * hidden]),
    bias: b1!.reshape([experts * hidden]),
    second: w2!.reshape([experts * hidden, -1]),
    b2: b2!,
    router: router!,
    routerBias: routerBias!,
  };
}

/** What all cells become, how the experts scored, and which were chosen. Takes `state` and `inputs`, borrows the weights. */
function ask(w: Weights, state: np.Array, inputs: np.Array) {
  const [batch, cells, channels] = state.shape as [number, number, number];
  const experts = w["b2"]!.shape[0]!;
  const rows = batch * cells;
  const view = np.pad(state.add(inputs), [
    [0, 0],
    [1, 1],
    [0, 0],
  ]);
  const places = [view.ref.slice([], [0, cells]), view.ref.slice([], [1, cells + 1]), view.slice([], [2, cells + 2])];
  const near = np.concatenate(places, 2).reshape([rows, 3 * channels]);
  const scores = np.dot(near.ref, w["router"]!.ref).add(w["routerBias"]!.ref);
  const best = nn.oneHot(np.argmax(scores.ref, 1), experts);
  const second = nn.oneHot(np.argmax(scores.ref.sub(best.ref.mul(1e9)), 1), experts);
  const lead = scores.ref.mul(second.ref.sub(best.ref)).sum(1);
  const lesser = nn.sigmoid(lead).reshape([rows, 1]);
  const chosen = best.ref.add(second.ref);
  const gates = best.add(second.sub(best.ref).mul(lesser));
  const neurons = nn.relu(np.dot(near, w["first"]!.ref).add(w["bias"]!.ref)).reshape([rows, experts, -1]);
  const weighed = neurons.mul(gates.ref.reshape([rows, experts, 1])).reshape([rows, -1]);
  const mixed = np.dot(weighed, w["second"]!.ref).add(np.dot(gates, w["b2"]!.ref));
  return { next: np.tanh(mixed).reshape([batch, cells, channels]), scores, chosen };
}

const blend = (mask: np.Array, next: np.Array, state: np.Array): np.Array => state.ref.add(next.sub(state).mul(mask));

/** 24 steps of the strips in a file, and the mean size of a state. */
export function automaton(name: string, path: string): Contender {
  const { p, inputs, shape, fired } = open(path);
  const { problems, cells, channels } = shape;
  const { table, positions, readOut, readOutBias, ...rule } = p;
  tree.dispose([table!, positions!, readOut!, readOutBias!]);
  const weights = sideBySide(rule);
  const step = jit((w: Weights, state: np.Array, seen: np.Array, mask: np.Array) => {
    const { next, scores, chosen } = ask(w, state.ref, seen);
    tree.dispose([w, scores, chosen]);
    return blend(mask, next, state);
  });
  const chunks = Array.from({ length: Math.ceil(problems / CHUNK) }, (_, chunk) => {
    const first = chunk * CHUNK;
    const count = Math.min(CHUNK, problems - first);
    const size = cells * channels;
    const seen = float(inputs.data.subarray(first * size, (first + count) * size), [count, cells, channels]);
    return { seen, masks: fired(first, count) };
  });
  return contender(name, async () => {
    let total = 0;
    for (const { seen, masks } of chunks) {
      let state = np.zeros(seen.shape);
      for (const mask of masks) state = step(tree.ref(weights), state, seen.ref, mask.ref);
      total += (await np.abs(state).sum().data())[0]!;
    }
    return total / inputs.data.length;
  });
}

/** A training step through the steps of a file, with AdamW and without clipping, and the loss before it. */
export function training(name: string, path: string): Contender {
  const { p, importance, given, shape, fired } = open(path);
  const { problems, cells, channels, steps } = shape;
  const oneHot = ({ data }: Shaped) => {
    const marks = new Float32Array(data.length * 10);
    data.forEach((digit, index) => (marks[10 * index + digit] = 1));
    return float(marks, [problems * cells, 10]);
  };
  const digits = oneHot(given.a).add(oneHot(given.b));
  const answers = oneHot(given.answers);
  const masks = fired(0, problems);
  const loss = (weights: Weights, sums: np.Array, targets: np.Array, firing: readonly np.Array[]): np.Array => {
    const { table, positions, readOut, readOutBias, ...rule } = weights;
    const inputs = np.dot(sums, table!).reshape([problems, cells, channels]).add(positions!);
    const w = sideBySide(rule);
    const experts = w["b2"]!.shape[0]!;
    let state = np.zeros([problems, cells, channels]);
    let total: np.Array | undefined;
    for (const mask of firing) {
      const { next, scores, chosen } = ask(w, state.ref, inputs.ref);
      state = blend(mask.ref, next, state);
      const fires = mask.reshape([problems * cells, 1]);
      const count = fires.ref.sum();
      const share = chosen.mul(fires.ref).sum(0).div(count.ref.mul(2));
      const chance = nn.softmax(scores, 1).mul(fires).sum(0).div(count);
      const balance = share
        .mul(chance)
        .sum()
        .mul((importance * experts) / steps);
      const logits = np.dot(state.ref.reshape([problems * cells, channels]), readOut!.ref).add(readOutBias!.ref);
      const missed = nn
        .logSoftmax(logits)
        .mul(targets.ref)
        .sum()
        .mul(-1 / (problems * cells * steps));
      total = total === undefined ? missed.add(balance) : total.add(missed).add(balance);
    }
    tree.dispose([state, inputs, targets, readOut!, readOutBias!, w]);
    return total!;
  };
  const update = jit(
    (
      weights: Weights,
      m: Weights,
      v: Weights,
      turn: np.Array,
      sums: np.Array,
      targets: np.Array,
      firing: np.Array[],
    ) => {
      const [value, grads] = valueAndGrad(loss)(tree.ref(weights), sums, targets, firing);
      const scale = np.subtract(1, np.power(0.9, turn.ref));
      const spread = np.subtract(1, np.power(0.99, turn));
      const next: Record<"p" | "m" | "v", Weights> = { p: {}, m: {}, v: {} };
      for (const key of Object.keys(weights)) {
        next.m[key] = m[key]!.mul(0.9).add(grads[key]!.ref.mul(0.1));
        next.v[key] = v[key]!.mul(0.99).add(grads[key]!.ref.mul(grads[key]!).mul(0.01));
        const size = np.sqrt(next.v[key].ref.div(spread.ref)).add(1e-8);
        const change = next.m[key].ref.div(scale.ref).mul(0.003).div(size);
        next.p[key] = weights[key]!.mul(1 - 0.003 * 0.05).sub(change);
      }
      tree.dispose([scale, spread]);
      return [next, value] as const;
    },
  );
  const nothing = (): Weights => Object.fromEntries(Object.entries(p).map(([key, w]) => [key, np.zeros(w.shape)]));
  let state = { p, m: nothing(), v: nothing() };
  let turn = 0;
  return contender(name, async () => {
    turn++;
    const [next, value] = update(state.p, state.m, state.v, np.array(turn), digits.ref, answers.ref, tree.ref(masks));
    state = next;
    await blockUntilReady(state.p);
    return (await value.data())[0]!;
  });
}
