import {
  type Tensor,
  add,
  fromData,
  grad,
  key,
  mean,
  mul,
  relu,
  sigmoid,
  square,
  sum,
  tanh,
  uniform,
  valueAndGrad,
} from "@ganglion/tensor";
import { describe, expect, test } from "vitest";
import {
  type MlpParams,
  type Nca,
  bernoulli,
  directions,
  graph,
  mlp,
  nca,
  overwrite,
  residual,
  ring,
  strip,
  trace,
} from "../src/index.ts";
import { difference } from "./mixture.ts";

const [batch, cells, channels, steps] = [3, 9, 5, 6];
const schedule = bernoulli(0.6);
const draw = (seed: number): Tensor => uniform(key(seed), [batch, cells, channels], { min: -1 });
const edges = Int32Array.from([0, 1, 0, 8, 1, 0, 2, 5, 2, 2, 2, 7, 4, 0, 6, 5, 6, 5, 8, 3]);
const circle = Float32Array.from({ length: 18 }, (_, i) => (i % 2 === 0 ? Math.cos : Math.sin)((i >> 1) / 1.4));
const weights = directions(circle, 2, edges);
const update = residual({ scale: 0.5 });

describe.each([
  { name: "relu", lattice: strip(cells), activation: relu, update },
  { name: "tanh", lattice: ring(cells), activation: tanh, update: overwrite() },
  { name: "relu", lattice: graph({ cells, edges, weights }), activation: relu, update },
  { name: "tanh", lattice: graph({ cells, edges, weights: "mean" }), activation: tanh, update: overwrite() },
])("a perceptron on a $lattice.kind with $name and $update.name, fused", (parts) => {
  const inputs = channels * parts.lattice.neighbourhood;
  const rule = mlp({ inputs, outputs: channels, hidden: 7, activation: parts.activation });
  const { lattice, update } = parts;
  const fused = nca({ lattice, channels, rule, update, schedule });
  const plain = nca({ lattice, channels, rule, update, schedule, fused: false });
  const params = fused.init(key(1));
  const [state, clamped] = [draw(2), draw(3)];

  test.each([true, false])("takes the same steps as tensor operations, inputs: %s", (clamping) => {
    const given = clamping ? clamped : undefined;
    const options = { steps, key: key(4), keep: true, ...(given && { inputs: given }) } as const;
    const [a, b] = [fused, plain].map((model) => model.rollout(params, state, options));
    const statesOf = (result: object): Tensor[] => (result as { states: Tensor[] }).states;
    expect(fused.fused).toBeDefined();
    expect(plain.fused).toBeUndefined();
    expect(statesOf(a!)).toHaveLength(steps);
    expect(difference(statesOf(a!), statesOf(b!))).toBeLessThan(1e-5);
    const last = fused.rollout(params, state, { ...options, keep: false });
    expect(last.state.data).toEqual(a!.state.data);
    expect([a!.fired, last.fired, a!.losses]).toEqual([b!.fired, b!.fired, {}]);
  });

  test("takes single steps", () => {
    const fired = schedule.fired({ step: 0, batch, cells, key: key(5) });
    const [a, b] = [fused, plain].map((model) => model.step(params, state, { inputs: clamped, fired }));
    expect(a!.rows).toEqual(b!.rows);
    expect(difference(a!, b!)).toBeLessThan(1e-5);
    expect(trace(fused, params, state, { steps, key: key(4) }).at(-1)!.state.data).toEqual(
      fused.rollout(params, state, { steps, key: key(4) }).state.data,
    );
  });

  test.each([true, false])("has the gradients of tensor operations, keep: %s", (keep) => {
    const target = draw(6);
    const lossOf =
      (model: Nca<MlpParams>) =>
      (at: { params: MlpParams; state: Tensor; inputs: Tensor }): Tensor => {
        const result = model.rollout(at.params, at.state, { steps, key: key(4), inputs: at.inputs, keep });
        const states = "states" in result ? (result.states as Tensor[]) : [result.state];
        return states.map((each, step) => mul(sum(mul(each, target)), step + 1)).reduce(add);
      };
    const [a, b] = [fused, plain].map((model) => valueAndGrad(lossOf(model))({ params, state, inputs: clamped }));
    expect(Math.abs(a!.value.item() - b!.value.item())).toBeLessThan(1e-3);
    expect(difference(a!.grads, b!.grads)).toBeLessThan(2e-3);
  });

  test("has the gradients of two roll-outs at once, whose tapes are not alive together", () => {
    const lossOf =
      (model: Nca<MlpParams>) =>
      (at: MlpParams): Tensor => {
        const first = model.rollout(at, state, { steps, key: key(4), inputs: clamped });
        const second = model.rollout(at, first.state, { steps: 2, key: key(8) });
        return mean(square(mul(first.state, second.state)));
      };
    const [a, b] = [fused, plain].map((model) => grad(lossOf(model))(params));
    expect(difference(a!, b!)).toBeLessThan(1e-4);
  });

  test("has the gradient of a gradient of tensor operations", () => {
    const slope =
      (model: Nca<MlpParams>) =>
      (at: Tensor): Tensor =>
        sum(square(grad((x: Tensor) => sum(square(model.rollout(params, x, { steps: 2, key: key(4) }).state)))(at)));
    const [a, b] = [fused, plain].map((model) => grad(slope(model))(state));
    const scale = Math.max(...b!.data.map(Math.abs));
    expect(difference(a!, b!) / scale).toBeLessThan(1e-5);
  });

  test("does nothing in no steps, and when nobody fires", () => {
    expect(fused.rollout(params, state, { steps: 0, key: key(1) })).toMatchObject({ losses: {}, fired: 0 });
    const still = fused.rollout(params, state, { steps: 2, key: key(1), schedule: bernoulli(0) });
    expect(still.fired).toBe(0);
    expect(still.state.data).toEqual(state.data);
  });
});

describe("a perceptron", () => {
  const lattice = strip(cells);
  const rule = mlp({ inputs: 3 * channels, outputs: channels });

  test("is fused only where sizes, activation and update are known", () => {
    expect(nca({ lattice, channels, rule, update: overwrite({ activation: square }) }).fused).toBeUndefined();
    const other = mlp({ inputs: 3 * channels, outputs: channels, activation: sigmoid });
    expect(nca({ lattice, channels, rule: other }).fused).toBeUndefined();
    expect(nca({ lattice, channels: channels + 1, rule }).fused).toBeUndefined();
  });

  test("computes float64 in tensor operations", () => {
    const model = nca({ lattice: graph({ cells, edges, weights }), channels, rule });
    const state = fromData(new Float64Array(cells * channels).fill(0.5), [1, cells, channels]);
    const params = {
      w1: fromData(new Float64Array(3 * channels * 2).fill(0.1), [3 * channels, 2]),
      b1: fromData(new Float64Array(2), [2]),
      w2: fromData(new Float64Array(2 * channels).fill(0.1), [2, channels]),
      b2: fromData(new Float64Array(channels), [channels]),
    };
    const next = model.rollout(params, state, { steps: 1, key: key(1), schedule: bernoulli(1) }).state;
    expect(next.dtype).toBe("float64");
    // cell 3 sees itself alone
    expect(next.data[3 * channels]).toBeCloseTo(Math.tanh(2 * (channels * 0.05) * 0.1), 12);
  });
});
