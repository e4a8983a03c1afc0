import { evaluator, proveColumns, randomCases } from "@ganglion/adders";
import type { ColumnCertificate } from "@ganglion/adders";
import { describe, expect, test } from "vitest";
import { key } from "@ganglion/tensor";
import { arc62, initialiseArc62 } from "../../src/transformers/arc62/model.ts";
import type { Arc62Params } from "../../src/transformers/arc62/model.ts";
import { arc62Values } from "../../src/transformers/arc62/values.ts";
import { parametersFrom } from "../../src/transformers/flat.ts";
import { mutated } from "./support.ts";

const params = parametersFrom(initialiseArc62(key(0)), arc62Values);

describe("the proof of 62 parameters", () => {
  test("covers 170,300 cases, and stands up to a checker that shares nothing with it", () => {
    const certificate = proveColumns(arc62(params));
    expect(certificate).toMatchObject({ kind: "columns", proved: true, conditions: 170_300, failing: 0 });
    expectSound(JSON.parse(JSON.stringify(certificate)) as ColumnCertificate);
  });

  test.each([
    ["the step of the arc", { ...params, arc: mutated(params.arc, 2, (x) => 1.2 * x) }],
    ["a key", { ...params, key: mutated(params.key, 0, (x) => x + 1) }],
    ["a gate", { ...params, mlp: { ...params.mlp, gate: mutated(params.mlp.gate, 0, (x) => 1.5 * x + 0.5) } }],
  ])("fails when %s is changed, and finds a sum that is wrong", (_, changed: Arc62Params) => {
    const adder = arc62(changed);
    const { proved, counterexample } = proveColumns(adder, { limit: 40 });
    expect(proved).toBe(false);
    const [a, b] = [Number(counterexample!.a), Number(counterexample!.b)];
    expect(String(evaluator(adder).answers([[a, b]])[0])).toBe(counterexample!.answer);
    expect(counterexample!.answer).not.toBe(counterexample!.expected);
  });
});

/** Every case is there, and the leads of random sums, in plain numbers, are above those of their group. */
function expectSound({ groups }: ColumnCertificate): void {
  const byName = new Map(groups.map((group) => [`${group.step} ${group.previous}`, group]));
  expect(byName.size).toBe(101);
  for (const { step, cells } of groups) {
    expect(cells).toBe(step === 0 ? 100 : step === 1 ? 1000 : step === 10 ? 20 : 2000);
  }
  const pairs = [...randomCases(60, 8n), [9_999_999_999, 1], [0, 0], [9_999_999_999, 9_999_999_999]] as const;
  for (const [a, b] of pairs) {
    const digits = (value: number, n: number): number[] =>
      Array.from({ length: n }, (_, i) => Math.floor(value / 10 ** i) % 10);
    const answer = digits(a + b, 11);
    const tokens = [0, ...digits(a, 10), 0, 0, ...digits(b, 10), 0, ...answer];
    for (let step = 0; step <= 10; step++) {
      const logits = logitsOf(tokens.slice(0, 24 + step));
      const lead = logits[answer[step]!]! - Math.max(...logits.filter((_, digit) => digit !== answer[step]));
      expect(lead).toBeGreaterThan(byName.get(`${step} ${step === 0 ? 0 : answer[step - 1]!}`)!.lead);
    }
  }
}

const numbers = (tensor: { readonly data: ArrayLike<number> }): number[] => Array.from(tensor.data);
const rooted = (x: readonly number[], weights: readonly number[]): number[] => {
  const size = Math.sqrt(x.reduce((sum, each) => sum + each * each, 0) / x.length + 1e-6);
  return x.map((each, i) => (each / size) * weights[i]!);
};
/** A row times a matrix in rows. */
const times = (x: readonly number[], matrix: readonly number[]): number[] => {
  const columns = matrix.length / x.length;
  return Array.from({ length: columns }, (_, c) =>
    x.reduce((sum, each, i) => sum + each * matrix[i * columns + c]!, 0),
  );
};
const turned = (x: readonly number[], place: number): number[] =>
  [0, 1].flatMap((pair) => {
    const angle = place * 3 ** (-pair / 2);
    const [u, v] = [x[2 * pair]!, x[2 * pair + 1]!];
    return [u * Math.cos(angle) - v * Math.sin(angle), u * Math.sin(angle) + v * Math.cos(angle)];
  });

/** Logits behind some tokens, written out in plain numbers. */
function logitsOf(tokens: readonly number[]): number[] {
  const [radius, start, step] = numbers(params.arc) as [number, number, number];
  const rows = Array.from({ length: 10 }, (_, digit) => [
    radius * Math.cos(start + digit * step),
    radius * Math.sin(start + digit * step),
    0,
  ]);
  const [query, keys] = [numbers(params.query), numbers(params.key)];
  const normed = tokens.map((token) => rooted(rows[token]!, numbers(params.norms.attention)));
  const last = tokens.length - 1;
  const asked = turned(rooted(times(normed[last]!, query), numbers(params.queryNorm)), last);
  const values = normed.map((x) => times(x, keys));
  const scores = values.map(
    (x, place) =>
      turned(rooted(x, numbers(params.keyNorm)), place).reduce((sum, each, i) => sum + each * asked[i]!, 0) / 2,
  );
  const most = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - most));
  const total = powers.reduce((x, y) => x + y, 0);
  const mixed = [0, 1, 2, 3].map((i) => powers.reduce((sum, power, at) => sum + (power / total) * values[at]![i]!, 0));
  const x = rows[tokens[last]!]!.map(
    (own, f) => own + mixed.reduce((sum, each, i) => sum + each * query[4 * f + i]!, 0),
  );
  const inner = rooted(x, numbers(params.norms.mlp));
  const gates = times(inner, numbers(params.mlp.gate));
  const units = times(inner, numbers(params.mlp.up)).map((up, i) => (up * gates[i]!) / (1 + Math.exp(-gates[i]!)));
  const after = times(units, numbers(params.mlp.down)).map((each, f) => each + x[f]!);
  const end = rooted(after, numbers(params.norms.last));
  return rows.map((row) => row.reduce((sum, each, f) => sum + each * end[f]!, 0));
}
