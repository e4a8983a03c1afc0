import { countParameters, decode, edgeCases, evaluator, judge, randomCases, verify } from "@ganglion/adders";
import type { TransformerAdder } from "@ganglion/adders";
import { fromData } from "@ganglion/tensor";
import { beforeAll, describe, expect, test } from "vitest";
import { isTransformer, loadTransformer, transformerNames } from "../../src/transformers/registry.ts";

const counts: Readonly<Record<string, readonly [claimed: number, stored: number]>> = {
  gpt46: [46, 46],
  arc62: [62, 62],
  qr54: [54, 54],
  alibi36: [36, 36],
  rope10: [10, 10],
  "tiny9-published": [9, 9],
  tiny9: [9, 9],
  tiny5: [5, 5],
};

describe.each(transformerNames)("%s", (name) => {
  let adder: TransformerAdder;
  beforeAll(async () => {
    adder = (await loadTransformer(name)).adder();
  });

  test("passes the protocol without a mistake", () => {
    const cases = [...edgeCases, ...randomCases()];
    expect(judge("protocol", cases, evaluator(adder).answers(cases)).right).toBe(10_010);
  });

  test("answers as generic decoding does", () => {
    const { tokeniser, plan, weights } = adder;
    const pairs = randomCases(12, 5n);
    const prompts = new Uint8Array(pairs.length * tokeniser.prompt);
    for (const [index, [a, b]] of pairs.entries()) tokeniser.encode(a, b, prompts, index * tokeniser.prompt);
    const tokens = decode(plan, weights, fromData(Int32Array.from(prompts), [pairs.length, tokeniser.prompt]), {
      steps: tokeniser.answer,
    }).data;
    const length = tokeniser.prompt + tokeniser.answer;
    expect(pairs.map((_, index) => tokeniser.decode(tokens, index * length))).toEqual(evaluator(adder).answers(pairs));
  });

  test("is causal, needs its attention and its own tokens, and is counted three ways", async () => {
    const report = await verify(adder, { n: 100 });
    expect(report.probes).toMatchObject({ causal: true, cachedEqualsRecomputed: true });
    expect(report.probes.withoutAttention).toBeLessThan(0.5);
    expect(report.probes.afterWrongTokens).toBeLessThan(0.99);
    expect([report.qualified, report.ties]).toEqual([true, 0]);
    const { claimed, unique, strict } = countParameters(adder.ledger);
    expect([claimed, unique]).toEqual(counts[name]);
    expect(strict).toBeGreaterThan(0);
  });
});

describe("the registry of transformers", () => {
  test("names what it knows when it is asked for something else", async () => {
    await expect(loadTransformer("tinny9", "verify")).rejects.toMatchObject({
      name: "UnknownModelError",
      message:
        'verify: expected a model among gpt46, arc62, qr54, alibi36, rope10, tiny9-published, tiny9 or tiny5, received "tinny9". Did you mean tiny9?',
    });
    expect([isTransformer("tiny9"), isTransformer("toString")]).toEqual([true, false]);
  });
});

test("a model without attention does not qualify", async () => {
  const adder = (await loadTransformer("tiny9")).adder();
  const layers = adder.weights.layers.map((layer) => ({
    ...layer,
    output: fromData(new Float64Array(layer.output.size), layer.output.shape),
  }));
  const report = await verify({ ...adder, weights: { ...adder.weights, layers } }, { n: 50 });
  expect(report.qualified).toBe(false);
  expect(report.protocol.mistakes[0]).toMatchObject({ a: 0, b: 1, expected: "1" });
});
