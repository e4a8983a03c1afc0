import { decodeOne } from "@ganglion/adders";
import type { TransitionCertificate } from "@ganglion/adders";
import { flattenTree } from "@ganglion/tensor";
import { describe, expect, test } from "vitest";
import { gpt46Params, proveGpt46 } from "../../src/transformers/gpt46/definition.ts";
import { gpt46 } from "../../src/transformers/gpt46/model.ts";
import type { Gpt46Params } from "../../src/transformers/gpt46/model.ts";
import { trainGpt46, transitionMargin } from "../../src/transformers/gpt46/train.ts";
import { gpt46Values } from "../../src/transformers/gpt46/values.ts";
import { mutated } from "./support.ts";

const params = gpt46Params(gpt46Values);

describe("the recipe", () => {
  test("gives the committed weights, from nothing", () => {
    const trained = trainGpt46()!;
    expect(flattenTree(trained.params).leaves.flatMap(({ data }) => Array.from(data))).toEqual([...gpt46Values]);
    expect(trained.starts).toBe(1);
    expect(trained.margin).toBeGreaterThan(8);
    expect(trained.margin).toBe(transitionMargin(params));
  });
});

describe("the proof", () => {
  const certificate = proveGpt46(params);

  test("covers 16 transitions with a margin", () => {
    expect(certificate).toMatchObject({ kind: "transitions", proved: true, conditions: 16, failing: 0 });
    expect(certificate.margin).toBeGreaterThan(8);
  });

  test("stands up to a checker that shares nothing with it", () => {
    expect(check(JSON.parse(JSON.stringify(certificate)) as TransitionCertificate, params)).toBe(true);
    const lie = {
      ...certificate,
      transitions: certificate.transitions.map((each, at) => (at === 5 ? { ...each, next: 0, expected: 0 } : each)),
    };
    expect(check(lie, params)).toBe(false);
  });

  test("fails for weights with a transition broken, and says which sum is wrong", () => {
    const broken: Gpt46Params = {
      ...params,
      mlp: { ...params.mlp, upBias: mutated(params.mlp.upBias, 1, (x) => x + 4) },
    };
    const refused = proveGpt46(broken);
    expect(refused.proved).toBe(false);
    const { a, b, expected, answer } = refused.counterexample!;
    expect(String(BigInt(a) + BigInt(b))).toBe(expected);
    expect(String(decodeOne(gpt46(broken), BigInt(a), BigInt(b)))).toBe(answer);
    expect(answer).not.toBe(expected);
  });
});

test("the same weights add numbers of a thousand digits", { timeout: 60_000 }, () => {
  const [a, b] = [BigInt("9".repeat(1000)), BigInt("1234567890".repeat(100))];
  expect(decodeOne(gpt46(params, 1000), a, b)).toBe(a + b);
});

/** Recomputes all 16 cases by hand, and walks through the addition of a column with each. */
function check(
  { transitions, proved }: TransitionCertificate,
  { embedding, query, key, value, output, mlp }: Gpt46Params,
): boolean {
  const row = (t: { data: ArrayLike<number> }, at: number, width: number): number[] =>
    Array.from({ length: width }, (_, i) => t.data[at * width + i]!);
  const times = (x: number[], t: { data: ArrayLike<number> }, width: number): number[] =>
    Array.from({ length: width }, (_, c) => x.reduce((sum, each, r) => sum + each * t.data[r * width + c]!, 0));
  const dot = (x: number[], y: number[]): number => x.reduce((sum, each, i) => sum + each * y[i]!, 0);
  if (transitions.length !== 16) return false;
  const right = transitions.every(({ pair, state, next, expected }) => {
    const [p, s] = [row(embedding, pair, 2), row(embedding, state, 2)];
    const q = times(s, query, 2);
    const [toPair, toSelf] = [dot(q, times(p, key, 2)) / Math.SQRT2, dot(q, times(s, key, 2)) / Math.SQRT2];
    const weight = 1 / (1 + Math.exp(toSelf - toPair));
    const mixed = times(p, value, 2).map((v, i) => weight * v + (1 - weight) * times(s, value, 2)[i]!);
    const x = times(mixed, output, 2).map((v, i) => s[i]! + v);
    const hidden = times(x, mlp.up, 4).map((v, i) => Math.max(0, v + mlp.upBias.data[i]!));
    const y = times(hidden, mlp.down, 2).map((v, i) => x[i]! + v + mlp.downBias.data[i]!);
    const logits = [0, 1, 2, 3].map((token) => dot(y, row(embedding, token, 2)));
    const [bitA, bitB, carry] = [pair >> 1, pair & 1, state >> 1];
    const sum = bitA + bitB + carry;
    const lead = logits[expected]! - Math.max(...logits.filter((_, token) => token !== expected));
    return expected % 2 === sum % 2 && expected >> 1 === (sum >= 2 ? 1 : 0) && next === expected && lead > 1e-6;
  });
  return right && proved && new Set(transitions.map(({ pair, state }) => 4 * pair + state)).size === 16;
}
