import { fc, test } from "@fast-check/vitest";
import { cast, fromData, mapTree, slice, valueAndGrad, mean, square } from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";
import { expectGradient } from "@ganglion/testing";
import { describe, expect } from "vitest";
import { decode, geometric, read } from "../src/index.ts";
import type { LayerPlan, Plan, Weights } from "../src/index.ts";
import { randomWeights } from "./support/random.ts";

const layer: fc.Arbitrary<LayerPlan> = fc.record({
  attention: fc.record({
    heads: fc.constant(2),
    groups: fc.constantFrom(1, 2),
    weighting: fc.constantFrom("softmax", "softmax1"),
    scale: fc.constantFrom(0.5, 1),
    residual: fc.constantFrom("all", "none"),
  }),
  mlp: fc.record({
    activation: fc.constantFrom("relu", "gelu", "geluTanh", "silu"),
    residual: fc.constantFrom("all", "none"),
  }),
});
const extras = fc.record(
  {
    epsilon: fc.constant(1e-5),
    slopes: fc.constant([0.3, 1.1]),
    rope: fc.constant(geometric(3, 2)),
    queryKeyEpsilon: fc.constant(1e-6),
  },
  { requiredKeys: [] },
);
/** Plans of all parts in all combinations. */
const plans: fc.Arbitrary<Plan> = fc.array(fc.tuple(layer, extras), { minLength: 1, maxLength: 2 }).map((layers) => ({
  vocabulary: 5,
  features: 4,
  length: 8,
  epsilon: 1e-5,
  layers: layers.map(([{ attention, mlp }, { epsilon, ...rest }]) => ({
    ...(epsilon === undefined ? {} : { epsilon }),
    attention: { ...attention, ...rest },
    ...(mlp && { mlp }),
  })),
}));
const tokens = fc
  .array(fc.nat(4), { minLength: 16, maxLength: 16 })
  .map((list) => fromData(Int32Array.from(list), [2, 8]));
const options = fc.record({ seed: fc.nat(1000), gated: fc.boolean(), positions: fc.boolean() });

describe("read", () => {
  test.prop([plans, tokens, options, fc.integer({ min: 1, max: 7 })], { numRuns: 40 })(
    "gives the same logits in one piece and in two, bit for bit",
    (plan, sequence, { seed, ...kind }, cut) => {
      const weights = randomWeights(plan, seed, kind);
      const whole = read(plan, weights, sequence).logits;
      const first = read(plan, weights, slice(sequence, [null, [0, cut]]));
      const second = read(plan, weights, slice(sequence, [null, [cut, 8]]), first.cache);
      expect(first.logits.data).toEqual(slice(whole, [null, [0, cut]]).data);
      expect(second.logits.data).toEqual(slice(whole, [null, [cut, 8]]).data);
    },
  );

  test.prop([plans, tokens, tokens, options, fc.integer({ min: 1, max: 7 })], { numRuns: 30 })(
    "never lets a later token change an earlier logit",
    (plan, sequence, other, { seed, ...kind }, cut) => {
      const weights = randomWeights(plan, seed, kind);
      const mixed = Int32Array.from(sequence.data, (token, at) => (at % 8 < cut ? token : other.data[at]!));
      const before = read(plan, weights, sequence).logits;
      const after = read(plan, weights, fromData(mixed, [2, 8])).logits;
      expect(slice(after, [null, [0, cut]]).data).toEqual(slice(before, [null, [0, cut]]).data);
    },
  );

  test.prop([plans, tokens, options], { numRuns: 10 })(
    "has the gradient that central differences find",
    (plan, sequence, { seed, ...kind }) => {
      // relu has a kink, which a step may cross
      const smooth = {
        ...plan,
        layers: plan.layers.map((each) => ({ ...each, mlp: { activation: "silu", residual: "all" } as const })),
      };
      const weights = randomWeights(smooth, seed, kind);
      const loss = (w: Weights): Tensor => mean(square(read(smooth, w, sequence).logits));
      const { grads } = valueAndGrad(loss)(weights);
      const head = (values: Float64Array): Weights => ({ ...weights, embedding: fromData(values.slice(), [5, 4]) });
      expectGradient({
        value: ([values]) => loss(head(values!)).item(),
        gradient: () => [Float64Array.from(grads.embedding.data)],
        at: [Float64Array.from(weights.embedding.data)],
        tolerance: 1e-6,
      });
    },
  );

  test.prop([plans, tokens, options], { numRuns: 10 })(
    "computes in float32 when its weights do",
    (plan, sequence, { seed, ...kind }) => {
      const weights = randomWeights(plan, seed, kind);
      const single = read(
        plan,
        mapTree((leaf) => cast(leaf, "float32"), weights),
        sequence,
      ).logits;
      expect(single.dtype).toBe("float32");
      const double = read(plan, weights, sequence).logits;
      for (const [index, value] of double.data.entries())
        expect(Math.abs(single.data[index]! - value)).toBeLessThan(1e-3 * (1 + Math.abs(value)));
    },
  );

  test.prop([plans, tokens, fc.nat(1000)], { numRuns: 10 })(
    "hides the keys that a query may not see",
    (plan, sequence, seed) => {
      const hidden: Plan = {
        ...plan,
        layers: plan.layers.map((each) => ({
          ...each,
          attention: { ...each.attention, sees: (query, key) => key === query || key === 0 },
        })),
      };
      for (const weights of read(hidden, randomWeights(hidden, seed), sequence).attention) {
        for (const [at, weight] of weights.data.entries()) {
          const [query, key] = [Math.floor(at / 8) % 8, at % 8];
          if (key !== query && key !== 0) expect(weight).toBe(0);
        }
      }
    },
  );
});

describe("decode", () => {
  test.prop([plans, tokens, options], { numRuns: 15 })(
    "appends the best token of a reading of everything so far",
    (plan, sequence, { seed, ...kind }) => {
      const weights = randomWeights(plan, seed, kind);
      const prompt = slice(sequence, [null, [0, 3]]);
      const result = decode(plan, weights, prompt, { steps: 4 });
      for (let step = 0; step < 4; step++) {
        const { data } = read(plan, weights, slice(result, [null, [0, 3 + step]])).logits;
        for (let row = 0; row < 2; row++) {
          const last = data.subarray((row * (3 + step) + 2 + step) * 5, (row * (3 + step) + 3 + step) * 5);
          expect(result.data[row * 7 + 3 + step]).toBe(Array.from(last).indexOf(Math.max(...last)));
        }
      }
    },
  );
});
