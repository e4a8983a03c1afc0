import { type Tensor, add, fromData, grad, key, mean, mul, square, sum, uniform, valueAndGrad } from "@ganglion/tensor";
import { describe, expect, test } from "vitest";
import {
  type Nca,
  type Rule,
  bernoulli,
  directions,
  graph,
  nca,
  overwrite,
  residual,
  ring,
  strip,
  trace,
} from "../src/index.ts";
import { difference, mixtureRule } from "./mixture.ts";

type Params = ReturnType<ReturnType<typeof mixtureRule>["init"]>;
const [batch, cells, channels, steps] = [5, 6, 8, 7];
const rule = mixtureRule({ channels, experts: 4, topK: 2, hidden: 16, balance: 0.3, z: 0.1 });
const edges = Int32Array.from([0, 1, 0, 5, 1, 0, 2, 4, 2, 2, 2, 5, 4, 0, 5, 3]);
const points = Float32Array.from({ length: 2 * cells }, (_, i) => (i % 2 === 0 ? Math.cos : Math.sin)(i >> 1));
const lattices = [strip(cells), ring(cells), graph({ cells, edges, weights: directions(points, 2, edges) })];
const schedule = bernoulli(0.6);
const draw = (seed: number, size = 1): Tensor =>
  uniform(key(seed), [batch, cells, channels], { min: -size, max: size });

describe.each(lattices)("an automaton on a $kind, fused", (lattice) => {
  const fused = nca({ lattice, channels, rule, schedule });
  const plain = nca({ lattice, channels, rule, schedule, fused: false });
  const params = fused.init(key(1));
  const [state, inputs] = [draw(2), draw(3)];

  test("takes the same steps as tensor operations", () => {
    const options = { steps, key: key(4), inputs, keep: true } as const;
    const [a, b] = [fused, plain].map((model) => model.rollout(params, state, options)) as [Kept, Kept];
    expect(fused.fused).toBeDefined();
    expect(a.states).toHaveLength(steps);
    expect(difference(a.states, b.states)).toBeLessThan(1e-5);
    expect(difference(a.losses, b.losses)).toBeLessThan(1e-5);
    expect(a.fired).toBe(b.fired);
    expect(a.infos.map((info) => info["experts"])).toEqual(b.infos.map((info) => info["experts"]));
    expect(difference(a.infos, b.infos)).toBeLessThan(1e-5);
    expect(a.state).toBe(a.states.at(-1));
  });

  test("lends its states until the next roll-out that lends", () => {
    const options = { steps, inputs, keep: true } as const;
    const rolled = (seed: number, lend: boolean) => fused.rollout(params, state, { ...options, key: key(seed), lend });
    const lent = rolled(4, true);
    expect(difference(lent.states, rolled(4, false).states)).toBe(0);
    const next = rolled(5, true);
    expect(difference(lent.states, next.states)).toBe(0);
    expect(difference(next.states, rolled(5, false).states)).toBe(0);
  });

  test("takes single steps, with losses and facts", () => {
    const fired = schedule.fired({ step: 0, batch, cells, key: key(5) });
    const [a, b] = [fused, plain].map((model) => model.step(params, state, { inputs, fired }));
    expect(a!.rows).toEqual(b!.rows);
    expect(a!.info["experts"]).toEqual(b!.info["experts"]);
    expect(difference(a!, b!)).toBeLessThan(1e-5);
    expect(trace(fused, params, state, { steps, key: key(4) })).toHaveLength(steps);
  });

  test.each([true, false])("has the gradients of tensor operations, keep: %s", (keep) => {
    const target = draw(6);
    const lossOf =
      (model: Nca<Params>) =>
      (at: { params: Params; state: Tensor; inputs: Tensor }): Tensor => {
        const result = model.rollout(at.params, at.state, { steps, key: key(4), inputs: at.inputs, keep });
        const states = "states" in result ? (result.states as Tensor[]) : [result.state];
        const fits = states.map((each, step) => mul(sum(mul(each, target)), step + 1)).reduce(add);
        return add(fits, add(result.losses["balance"]!, result.losses["z"]!));
      };
    const at = { params, state, inputs };
    const [a, b] = [fused, plain].map((model) => valueAndGrad(lossOf(model))(at));
    expect(Math.abs(a!.value.item() - b!.value.item())).toBeLessThan(1e-3);
    expect(difference(a!.grads, b!.grads)).toBeLessThan(2e-3);
  });

  test("has the gradients of two roll-outs at once, whose tapes are not alive together", () => {
    const lossOf =
      (model: Nca<Params>) =>
      (at: Params): Tensor => {
        const first = model.rollout(at, state, { steps, key: key(4), inputs });
        const second = model.rollout(at, first.state, { steps: 2, key: key(8) });
        return mean(square(mul(first.state, second.state)));
      };
    const [a, b] = [fused, plain].map((model) => grad(lossOf(model))(params));
    expect(difference(a!, b!)).toBeLessThan(1e-5);
  });

  test("has the gradient of a gradient of tensor operations", () => {
    const slope =
      (model: Nca<Params>) =>
      (at: Tensor): Tensor =>
        sum(square(grad((x: Tensor) => sum(square(model.rollout(params, x, { steps: 2, key: key(4) }).state)))(at)));
    const [a, b] = [fused, plain].map((model) => grad(slope(model))(state));
    expect(difference(a!, b!)).toBeLessThan(1e-4);
  });

  test("does nothing in no steps, and when nobody fires", () => {
    expect(fused.rollout(params, state, { steps: 0, key: key(1) })).toMatchObject({ state, losses: {}, fired: 0 });
    const still = fused.rollout(params, state, { steps: 2, key: key(1), schedule: bernoulli(0) });
    expect(still).toMatchObject({ losses: {}, fired: 0 });
    expect(still.state.data).toEqual(state.data);
  });

  test("leaves losses out when they are not wanted", () => {
    for (const model of [fused, plain]) {
      expect(model.rollout(params, state, { steps, key: key(4), losses: false }).losses).toEqual({});
    }
  });
});

describe("an automaton", () => {
  const lattice = strip(cells);

  test("is fused only where rule and update are known", () => {
    expect(nca({ lattice, channels, rule, update: residual() }).fused).toBeUndefined();
    expect(nca({ lattice, channels, rule, update: overwrite({ activation: square }) }).fused).toBeUndefined();
    const unknown: Rule<Params> = { ...rule, fused: undefined };
    expect(nca({ lattice, channels, rule: unknown }).fused).toBeUndefined();
  });

  test("computes float64 in tensor operations", () => {
    const model = nca({ lattice, channels, rule });
    const state = fromData(new Float64Array(cells * channels), [1, cells, channels]);
    const params = rule.init(key(1), "float64");
    expect(model.rollout(params, state, { steps: 1, key: key(1) }).state.dtype).toBe("float64");
  });
});

type Kept = ReturnType<Nca<Params>["rollout"]> & { states: Tensor[]; infos: Record<string, Tensor>[] };
