import { fc, test } from "@fast-check/vitest";
import type { IntegerMatrix, IntegerWeights } from "@ganglion/kernels";
import { type Tensor, fromData, key, reshape, slice, uniform } from "@ganglion/tensor";
import { describe, expect } from "vitest";
import {
  type KeptIntegerRollout,
  bernoulli,
  integerNca,
  nca,
  overwrite,
  residual,
  strip,
  synchronous,
} from "../src/index.ts";
import { difference, mixtureRule } from "./mixture.ts";

const [batch, cells, channels, steps] = [5, 6, 8, 7];
const rule = mixtureRule({ channels, experts: 4, topK: 2, hidden: 16, balance: 0, z: 0 });
const schedule = bernoulli(0.6);
const draw = (seed: number): Tensor => uniform(key(seed), [batch, cells, channels], { min: -1, max: 1 });
const model = nca({ lattice: strip(cells), channels, rule, schedule });

/** Codes of the weights, and the weights that they stand for. */
function quantized(params: ReturnType<typeof rule.init>): { codes: IntegerWeights; params: typeof params } {
  const matrix = (weight: Tensor, bias: Tensor, groups: number): { codes: IntegerMatrix; values: Tensor } => {
    const [width, size] = [weight.shape.at(-1)!, weight.size / groups];
    const column = (i: number): number => Math.floor(i / size) * width + (i % width);
    const scales = new Float32Array(groups * width);
    for (const [i, x] of weight.data.entries()) {
      scales[column(i)] = Math.max(scales[column(i)]!, Math.abs(x) / 127);
    }
    const codes = Int8Array.from(weight.data, (x, i) => Math.round(x / scales[column(i)]!));
    const values = Float32Array.from(codes, (code, i) => code * scales[column(i)]!);
    return { codes: { codes, scales, bias: bias.data as Float32Array }, values: fromData(values, weight.shape) };
  };
  const router = matrix(params.routerWeight, params.routerBias, 1);
  const [first, second] = [matrix(params.w1, params.b1, 4), matrix(params.w2, params.b2, 4)];
  return {
    codes: { router: router.codes, first: first.codes, second: second.codes, inputRange: 1 },
    params: { ...params, routerWeight: router.values, w1: first.values, w2: second.values },
  };
}

describe("integerNca", () => {
  const { codes, params } = quantized(rule.init(key(1)));
  const integers = integerNca(model, codes);
  const [state, inputs] = [draw(2), draw(3)];
  const options = { steps, key: key(4), inputs } as const;

  test("comes close to the automaton whose weights its codes stand for", () => {
    const one = { ...options, steps: 1, keep: true } as const;
    const [near, exact] = [integers.rollout(state, one), model.rollout(params, state, one)];
    expect(near.fired).toBe(exact.fired);
    expect(near.infos[0]!["experts"]).toEqual(exact.infos[0]!["experts"]);
    expect(difference(near.states, exact.states)).toBeLessThan(2e-3);
    expect(near.losses).toEqual({});
  });

  test("keeps every state, who fired and whom they asked", () => {
    const kept = integers.rollout(state, { ...options, keep: true });
    expect(kept.states).toHaveLength(steps);
    expect(kept.states.at(-1)).toEqual(kept.state);
    const moments = Array.from({ length: steps }, (_, step) =>
      schedule.fired({ step, batch, cells, key: options.key }),
    );
    expect(kept.masks).toEqual(moments);
    expect(integers.rollout(state, options).state).toEqual(kept.state);
    const asked = kept.infos.map((info) => info["experts"]?.shape ?? [0, 2]);
    expect(asked).toEqual(moments.map((mask) => [mask.reduce((sum, fires) => sum + fires, 0), 2]));
  });

  test.prop([fc.integer({ min: 1, max: steps - 1 }), fc.integer({ min: 1, max: batch - 1 })], { numRuns: 20 })(
    "gives the same in two halves, of the steps or of the batch",
    (split, row) => {
      const whole = integers.rollout(state, options).state;
      const half = integers.rollout(state, { ...options, steps: split }).state;
      expect(integers.rollout(half, { ...options, start: split, steps: steps - split }).state).toEqual(whole);
      const rest = (x: Tensor): Tensor => slice(x, [[row, batch], null, null]);
      const lower = integers.rollout(rest(state), { ...options, inputs: rest(inputs), first: row }).state;
      expect(lower).toEqual(rest(whole));
    },
  );

  test("computes less where cells wait for news", () => {
    const together = { ...options, schedule: synchronous(), steps: 20 } as const;
    const [always, seldom] = [undefined, 0.5].map((news) =>
      integers.rollout(state, { ...together, news, keep: true }),
    ) as [KeptIntegerRollout, KeptIntegerRollout];
    expect(always.fired).toBe(20 * batch * cells);
    expect(seldom.fired).toBeLessThan(always.fired);
    const fired = seldom.masks.reduce((sum, mask) => sum + mask.reduce((a, b) => a + b, 0), 0);
    expect(seldom.fired).toBe(fired);
  });

  test("refuses what it cannot compute", () => {
    const message =
      "integerNca: expected a mixture of experts with relu and the update overwrite on a strip or a ring, received something else. Use model.rollout?";
    const other = nca({ lattice: strip(cells), channels, rule, update: residual() });
    expect(() => integerNca(other, codes)).toThrow(message);
    const { fused: _, ...unknown } = rule;
    expect(() =>
      integerNca(nca({ lattice: strip(cells), channels, rule: unknown, update: overwrite() }), codes),
    ).toThrow(message);
    expect(() => integers.rollout(state, { ...options, news: 2 })).toThrow(
      "rollout: expected news between 0 and 1, received 2",
    );
    expect(() => integers.rollout(reshape(state, [cells, batch, channels]), options)).toThrow(
      "rollout: expected a state",
    );
  });
});
