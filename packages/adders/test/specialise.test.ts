import { fc, test } from "@fast-check/vitest";
import { cast, fromData, mapTree, slice } from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";
import { describe, expect } from "vitest";
import { decode, geometric, specialise } from "../src/index.ts";
import type { Plan, Residual, Weights } from "../src/index.ts";
import { randomWeights } from "./support/random.ts";

const [PROMPT, ANSWER] = [4, 3];
const template = [[0], [1, 2], [0, 1, 2, 3, 4], [3], ...Array.from({ length: ANSWER }, () => [0, 1, 2, 3, 4])];
const shape = { prompt: PROMPT, answer: ANSWER, template };

const plans: fc.Arbitrary<Plan> = fc
  .record({
    attention: fc.record(
      {
        heads: fc.constant(2),
        groups: fc.constantFrom(1, 2),
        weighting: fc.constantFrom("softmax", "softmax1"),
        scale: fc.constantFrom(0.5, 1),
        residual: fc.constantFrom<Residual>("all", "none", [3, 0, 1, 1]),
        slopes: fc.constant([0.3, 1.1]),
        rope: fc.constantFrom(geometric(3, 2), geometric(3, 2, { interleaved: false })),
        queryKeyEpsilon: fc.constant(1e-6),
        sees: fc.constant((query: number, key: number) => query === key || key % 2 === 0),
      },
      { requiredKeys: ["heads", "groups", "weighting", "scale", "residual"] },
    ),
    mlp: fc.record({
      activation: fc.constantFrom("relu", "gelu", "geluTanh", "silu"),
      residual: fc.constantFrom<Residual>("all", "none", [2, 1, 0, 3, 3]),
    }),
    epsilon: fc.option(fc.constant(1e-5), { nil: undefined }),
  })
  .map(({ attention, mlp, epsilon }) => ({
    vocabulary: 5,
    features: 4,
    length: PROMPT + ANSWER,
    ...(epsilon === undefined || Array.isArray(mlp.residual) ? {} : { epsilon }),
    layers: [{ ...(epsilon === undefined ? {} : { epsilon }), attention, mlp }],
  }));
const prompts = fc.array(fc.tuple(fc.constantFrom(1, 2), fc.nat(4)), { minLength: 1, maxLength: 5 });

describe("specialise", () => {
  test.prop([plans, prompts, fc.nat(1000), fc.boolean(), fc.boolean()], { numRuns: 150 })(
    "gives the tokens and logits of generic decoding, bit for bit",
    (plan, problems, seed, gated, positions) => {
      const weights = randomWeights(plan, seed, { gated, positions });
      expectSameBits(plan, weights, problems);
    },
  );

  test("works out layers that mix in constants only", () => {
    const attention = { heads: 1, groups: 1, weighting: "softmax", scale: 1, residual: "all" } as const;
    const plan: Plan = { vocabulary: 5, features: 4, length: 7, layers: [{ attention }, { attention }] };
    const random = randomWeights(plan, 3, { positions: false });
    // keys and values of the first layer are biases alone
    const [first, second] = random.layers;
    const dull = {
      ...first!,
      key: fromData(new Float64Array(8), [4, 2]),
      value: fromData(new Float64Array(8), [4, 2]),
      query: fromData(new Float64Array(8), [4, 2]),
    };
    expectSameBits(plan, { ...random, layers: [dull, second!] }, [
      [1, 4],
      [2, 0],
    ]);
    expect(() => specialise(plan, random, shape)).toThrow(
      expect.objectContaining({
        name: "ConfigError",
        message: "specialise: expected layer 0 to mix in constants only, since it is not the last",
      }),
    );
  });

  test("refuses float32 weights", () => {
    const plan: Plan = {
      vocabulary: 5,
      features: 4,
      length: 7,
      layers: [{ attention: { heads: 1, groups: 1, weighting: "softmax", scale: 1, residual: "all" } }],
    };
    const weights = mapTree((leaf) => cast(leaf, "float32"), randomWeights(plan, 1));
    expect(() => specialise(plan, weights, shape)).toThrow(
      expect.objectContaining({
        name: "ConfigError",
        message: "specialise: expected float64 weights, received float32",
      }),
    );
  });
});

function expectSameBits(plan: Plan, weights: Weights, problems: readonly (readonly [number, number])[]): void {
  const n = problems.length;
  const length = PROMPT + ANSWER;
  const program = specialise(plan, weights, shape);
  const tokens = new Uint8Array(n * length);
  const prompt = Int32Array.from(problems.flatMap(([x, y]) => [0, x, y, 3]));
  for (const [row] of problems.entries()) tokens.set(prompt.subarray(4 * row, 4 * row + 4), row * length);
  const seen: Tensor[] = [];
  const whole = decode(plan, weights, fromData(prompt, [n, PROMPT]), {
    steps: ANSWER,
    onReading: ({ logits }) => seen.push(slice(logits, [null, [-1, logits.shape[1]!]])),
  });
  const logits = new Float64Array(n * ANSWER * program.logits);
  const observed = tokens.slice();
  program.run(tokens, n);
  program.observe(observed, n, logits);
  expect(Array.from(tokens)).toEqual(Array.from(whole.data));
  expect(observed).toEqual(tokens);
  for (let row = 0; row < n; row++) {
    for (let step = 0; step < ANSWER; step++) {
      for (let c = 0; c < program.logits; c++) {
        // -0 and 0 are the same number
        expect(logits[(row * ANSWER + step) * program.logits + c]! + 0).toBe(
          seen[step]!.data[row * program.logits + c]! + 0,
        );
      }
    }
  }
}
