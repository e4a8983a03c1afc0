import { fc, test } from "@fast-check/vitest";
import {
  type Key,
  type Tensor,
  ShapeError,
  countParameters,
  fromData,
  key,
  take,
  tanh,
  tensor,
  zeros,
} from "@ganglion/tensor";
import { describe, expect } from "vitest";
import { type MoeConfig, moe } from "../src/index.ts";
import { bothDispatches, difference, permuted, randomParams, randomRows } from "./helpers.ts";

const mixtures = fc
  .record({
    inputs: fc.integer({ min: 1, max: 5 }),
    outputs: fc.integer({ min: 1, max: 4 }),
    experts: fc.integer({ min: 1, max: 7 }),
    hidden: fc.integer({ min: 1, max: 6 }),
  })
  .chain((sizes) =>
    fc
      .record({
        topK: fc.integer({ min: 1, max: sizes.experts }),
        rows: fc.integer({ min: 0, max: 9 }),
        seed: fc.nat(9999),
      })
      .map((rest) => ({ ...sizes, ...rest })),
  );

describe("moe", () => {
  test.prop([mixtures])(
    "computes under sparse dispatch what the dense reference computes",
    ({ rows, seed, ...config }) => {
      const { sparse, dense } = bothDispatches(config);
      const params = randomParams(sparse, seed);
      const x = randomRows(seed + 1, rows, config.inputs);
      const [a, b] = [sparse.apply(params, x), dense.apply(params, x)];
      expect(a.output.shape).toEqual([rows, config.outputs]);
      expect(difference(a.output, b.output)).toBeLessThanOrEqual(1e-12);
      expect(a.info.experts.toArray()).toEqual(b.info.experts.toArray());
    },
  );

  test.prop([mixtures])("agrees with the dense reference up to rounding in float32", ({ rows, seed, ...config }) => {
    const { sparse, dense } = bothDispatches(config);
    const params = randomParams(sparse, seed, "float32");
    const x = randomRows(seed + 1, rows, config.inputs, "float32");
    const [a, b] = [sparse.apply(params, x).output, dense.apply(params, x).output];
    for (const [i, value] of a.data.entries()) {
      expect(Math.abs(value - b.data[i]!)).toBeLessThanOrEqual(4e-6 * (1 + Math.abs(value)));
    }
  });

  test.prop([mixtures])(
    "has gates in (0, 1] that sum to 1 in every row, over distinct experts",
    ({ rows, seed, ...config }) => {
      const layer = moe(config);
      const { info } = layer.apply(randomParams(layer, seed), randomRows(seed, rows, config.inputs));
      const k = config.topK;
      for (let row = 0; row < rows; row++) {
        const gates = [...info.gates.data.subarray(row * k, row * k + k)];
        const experts = [...info.experts.data.subarray(row * k, row * k + k)];
        expect(gates.every((gate) => gate > 0 && gate <= 1)).toBe(true);
        expect(gates.reduce((sum, gate) => sum + gate)).toBeCloseTo(1, 12);
        expect(gates).toEqual(gates.toSorted((a, b) => b - a));
        expect(new Set(experts).size).toBe(k);
      }
    },
  );

  test.prop([mixtures])(
    "is the softmax-weighted sum of all experts when topK is their number",
    ({ rows, seed, ...sizes }) => {
      const config = { ...sizes, topK: sizes.experts };
      const layer = moe(config);
      const params = randomParams(layer, seed);
      const x = randomRows(seed + 1, rows, config.inputs);
      expect(difference(layer.apply(params, x).output, mixtureByHand(config, params, x))).toBeLessThanOrEqual(1e-12);
    },
  );

  test.prop([mixtures])(
    "does not change when experts are permuted with their router columns",
    ({ rows, seed, ...config }) => {
      const layer = moe({ ...config, balance: 0.5, z: 0.5 });
      const params = randomParams(layer, seed);
      const x = randomRows(seed + 1, rows, config.inputs);
      const order = Array.from({ length: config.experts }, (_, e) => (e + seed) % config.experts);
      const places = fromData(Int32Array.from(order));
      const { w1, b1, w2, b2 } = params.experts;
      const moved = {
        router: { weight: permuted(params.router.weight, order), bias: take(params.router.bias, places) },
        experts: { w1: take(w1, places), b1: take(b1, places), w2: take(w2, places), b2: take(b2, places) },
      };
      const [before, after] = [layer.apply(params, x), layer.apply(moved, x)];
      expect(difference(before.output, after.output)).toBeLessThanOrEqual(1e-12);
      expect(difference(before.losses, after.losses)).toBeLessThanOrEqual(1e-12);
      expect(Array.from(after.info.experts.data, (expert) => order[expert])).toEqual([...before.info.experts.data]);
    },
  );

  test.prop([mixtures])("gives each row its own result, whatever rows stand beside it", ({ rows, seed, ...config }) => {
    const layer = moe(config);
    const params = randomParams(layer, seed);
    const x = randomRows(seed + 1, rows, config.inputs);
    const whole = layer.apply(params, x).output;
    for (let row = 0; row < rows; row++) {
      const place = fromData(Int32Array.of(row));
      expect(layer.apply(params, take(x, place)).output.toArray()).toEqual(take(whole, place).toArray());
    }
  });

  test("weighs two experts by the softmax of their scores", () => {
    const layer = moe({ inputs: 1, outputs: 1, experts: 3, topK: 2, hidden: 1 });
    const params = {
      router: { weight: tensor([[0, Math.log(3), -5]], "float64"), bias: zeros([3], "float64") },
      experts: {
        w1: tensor([[[1]], [[1]], [[1]]], "float64"),
        b1: zeros([3, 1], "float64"),
        w2: tensor([[[10]], [[20]], [[1000]]], "float64"),
        b2: tensor([[0], [4], [0]], "float64"),
      },
    };
    const { output, info } = layer.apply(params, tensor([[1]], "float64"));
    expect(info.experts.toArray()).toEqual([[1, 0]]);
    expect(info.gates.data[0]).toBeCloseTo(0.75, 12);
    expect(output.item()).toBeCloseTo(0.75 * 24 + 0.25 * 10, 12);
  });

  test("takes experts no row has chosen, and no rows at all", () => {
    const layer = moe({ inputs: 3, outputs: 2, experts: 6, topK: 1, balance: 1, z: 1 });
    const { output, losses, info } = layer.apply(layer.init(key(0)), zeros([0, 3]));
    expect([output.shape, info.experts.shape, info.gates.shape]).toEqual([
      [0, 2],
      [0, 1],
      [0, 1],
    ]);
    expect([losses.balance.item(), losses.z.item()]).toEqual([0, 0]);
  });

  test("has as many parameters as six perceptrons and a router", () => {
    const layer = moe({ inputs: 96, outputs: 32 });
    expect(countParameters(layer.init(key(0)))).toBe(24_960 + 582);
    expect(countParameters(layer.init(key(0)).router)).toBe(582);
  });

  test("draws weights of the asked deviations and zero biases", () => {
    const layer = moe({ inputs: 96, outputs: 32, deviations: { w2: 0.05 } });
    const { router, experts } = layer.init(key(3));
    expect(deviation(router.weight)).toBeCloseTo(0.1, 1);
    expect(deviation(experts.w1)).toBeCloseTo(Math.sqrt(2 / 96), 2);
    expect(deviation(experts.w2)).toBeCloseTo(0.05, 2);
    for (const bias of [router.bias, experts.b1, experts.b2]) expect(deviation(bias)).toBe(0);
    expect(layer.init(key(3)).experts.w1.toArray()).toEqual(experts.w1.toArray());
    expect(layer.init(key(4)).experts.w1.toArray()).not.toEqual(experts.w1.toArray());
  });

  test("uses the given activation", () => {
    const config = { inputs: 2, outputs: 2, experts: 1, hidden: 3 };
    const [soft, hard] = [moe({ ...config, activation: tanh }), moe(config)];
    const params = randomParams(soft, 5);
    const x = randomRows(6, 4, 2);
    expect(difference(soft.apply(params, x).output, hard.apply(params, x).output)).toBeGreaterThan(1e-3);
  });

  test("fits the shape of a rule without knowing it", () => {
    interface Rule<P> {
      init(key: Key): P;
      apply(params: P, perception: Tensor): Tensor | RuleOutput;
    }
    interface RuleOutput {
      readonly output: Tensor;
      readonly losses?: Readonly<Record<string, Tensor>>;
      readonly info?: Readonly<Record<string, Tensor>>;
    }
    const run = <P>(rule: Rule<P>): Tensor | RuleOutput => rule.apply(rule.init(key(0)), zeros([2, 3]));
    expect(run(moe({ inputs: 3, outputs: 1 }))).toMatchObject({
      output: { shape: [2, 1] },
      info: { experts: { shape: [2, 2] } },
    });
  });
});

describe("moe's errors", () => {
  const valid: MoeConfig = { inputs: 3, outputs: 2 };
  test.each<[Partial<MoeConfig>, string]>([
    [{ inputs: 0 }, "moe: expected inputs to be a whole number of at least 1, received 0. Give inputs as a count?"],
    [{ hidden: 2.5 }, "moe: expected hidden to be a whole number of at least 1, received 2.5. Give hidden as a count?"],
    [{ experts: 4, topK: 5 }, "moe: expected topK between 1 and 4 (experts), received 5. Add experts or lower topK?"],
    [
      { balance: -1 },
      "moe: expected balance to be a finite number of at least 0, received -1. Use 0 to switch it off?",
    ],
    [
      { deviations: { w1: NaN } },
      "moe: expected deviations.w1 to be a finite number of at least 0, received NaN. Use 0 to switch it off?",
    ],
    [
      { dispatch: "fast" as "sparse" },
      "moe: expected dispatch to be sparse or dense, received fast. Leave it out for sparse?",
    ],
  ])("say what is wrong with %o", (change, message) => {
    expect(() => moe({ ...valid, ...change })).toThrow(expect.objectContaining({ name: "ConfigError", message }));
  });

  test("name both shapes when the rows do not fit", () => {
    const layer = moe(valid);
    const call = () => layer.apply(layer.init(key(0)), zeros([2, 4]));
    expect(call).toThrow(ShapeError);
    expect(call).toThrow(
      "moe: expected x as [rows, 3 inputs], received [2, 4]. Reshape it to a matrix with one row per item?",
    );
  });
});

const deviation = ({ data }: Tensor): number => Math.sqrt([...data].reduce((sum, v) => sum + v * v, 0) / data.length);

/** The mixture of all experts by plain loops. */
function mixtureByHand(
  { inputs, outputs, experts, hidden }: Required<Pick<MoeConfig, "inputs" | "outputs" | "experts" | "hidden">>,
  params: ReturnType<typeof randomParams>,
  x: Tensor,
): Tensor {
  const rows = x.shape[0]!;
  const out = new Float64Array(rows * outputs);
  const { w1, b1, w2, b2 } = params.experts;
  for (let r = 0; r < rows; r++) {
    const scores = Array.from({ length: experts }, (_, e) => {
      let score = params.router.bias.data[e]!;
      for (let i = 0; i < inputs; i++) score += x.data[r * inputs + i]! * params.router.weight.data[i * experts + e]!;
      return Math.exp(score);
    });
    const total = scores.reduce((sum, score) => sum + score);
    for (let e = 0; e < experts; e++) {
      for (let o = 0; o < outputs; o++) out[r * outputs + o]! += (scores[e]! / total) * b2.data[e * outputs + o]!;
      for (let h = 0; h < hidden; h++) {
        let neuron = b1.data[e * hidden + h]!;
        for (let i = 0; i < inputs; i++) neuron += x.data[r * inputs + i]! * w1.data[(e * inputs + i) * hidden + h]!;
        for (let o = 0; o < outputs; o++) {
          out[r * outputs + o]! +=
            (scores[e]! / total) * Math.max(0, neuron) * w2.data[(e * hidden + h) * outputs + o]!;
        }
      }
    }
  }
  return fromData(out, [rows, outputs]);
}
