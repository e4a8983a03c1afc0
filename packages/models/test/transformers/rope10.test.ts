import { carryCounterexamples, evaluator, proveCarries, randomCases } from "@ganglion/adders";
import type { CarryCertificate, LayerWeights, TransformerAdder } from "@ganglion/adders";
import { describe, expect, test } from "vitest";
import { loadTransformer } from "../../src/transformers/registry.ts";
import { rope10 } from "../../src/transformers/rope10/model.ts";
import { mutated } from "./support.ts";

describe("the proof of ten parameters", () => {
  test("covers 3,440 cells, and stands up to a checker that shares nothing with it", async () => {
    const certificate = (await loadTransformer("rope10")).prove!();
    expect(certificate).toMatchObject({ kind: "carries", proved: true, conditions: 3440, failing: 0 });
    expectSound(JSON.parse(JSON.stringify(certificate)) as CarryCertificate);
  });

  const changed = (change: (layer: LayerWeights) => Partial<LayerWeights>): TransformerAdder => {
    const [layer] = rope10.weights.layers as [LayerWeights];
    return { ...rope10, weights: { ...rope10.weights, layers: [{ ...layer, ...change(layer) }] } };
  };
  test.each([
    ["direction of the queries", changed(({ query }) => ({ query: mutated(query, 1, (x) => 1.1 * x) }))],
    ["size of the values", changed(({ value }) => ({ value: mutated(value, 1, (x) => 1.1 * x) }))],
    ["first gate", changed(({ mlp }) => ({ mlp: { ...mlp!, gate: mutated(mlp!.gate!, 0, (x) => 1.2 * x) } }))],
    ["step", changed(({ mlp }) => ({ mlp: { ...mlp!, up: mutated(mlp!.up, 1, (x) => 1.2 * x) } }))],
  ])("fails when the %s is changed, and finds a sum that is wrong", (_, adder) => {
    expect(proveCarries(adder).proved).toBe(false);
    const [found] = carryCounterexamples(adder);
    expect(String(evaluator(adder).answers([[Number(found!.a), Number(found!.b)]])[0])).toBe(found!.answer);
    expect(found!.answer).not.toBe(found!.expected);
  });
});

const silu = (x: number): number => (x < -700 ? 0 : x / (1 + Math.exp(-x)));
const omega = (2 * Math.PI) / 19;

/** Recomputes attention and logits in plain numbers: random sums stay within their cells, and leads hold on a grid. */
function expectSound({ cells }: CarryCertificate): void {
  const amplitude = Math.log(10) / (Math.cos(0.3 * omega) - Math.cos(0.7 * omega));
  const height = (digit: number): number => 1000 - 0.001 * digit * digit;
  const leadOf = (previous: number, seen: number, digit: number): number => {
    const [x0, x1] = [height(previous), seen - previous];
    const size = Math.sqrt((x0 * x0 + x1 * x1) / 2 + 1e-6);
    const [n0, n1] = [x0 / size, x1 / size];
    const gates = [-12_032 * n0 + 128_000 * n1, -12_160 * n0 + 128_000 * n1] as const;
    const y = x1 + 0.390625 * n0 * (silu(gates[1]) - silu(gates[0]));
    const last = Math.sqrt((x0 * x0 + y * y) / 2 + 1e-6);
    const logits = Array.from({ length: 10 }, (_, d) => {
      return (50 * Math.SQRT2 * x0 * height(d) + 10 * Math.SQRT2 * y * d) / last;
    });
    return logits[digit]! - Math.max(...logits.filter((_, d) => d !== digit));
  };
  const byName = new Map(cells.map((cell) => [[cell.step, cell.carry, cell.previous, cell.total].join(), cell]));
  expect(byName.size).toBe(3440);
  for (const { previous, low, high, digit, carry, total } of cells) {
    expect(digit).toBe((carry + total) % 10);
    for (let part = 0; part <= 32; part++) {
      expect(leadOf(previous, low + ((high - low) * part) / 32, digit)).toBeGreaterThan(0);
    }
  }
  for (const [a, b] of [...randomCases(300, 8n), [9_999_999_999, 1], [0, 0], [9_999_999_999, 9_999_999_999]] as const) {
    const digits = (value: number, n: number): number[] =>
      Array.from({ length: n }, (_, i) => Math.floor(value / 10 ** i) % 10);
    const [x, y, z] = [digits(a, 10), digits(b, 10), digits(a + b, 11)];
    const tokens = [0, ...x, ...Array.from({ length: 9 }, () => 0), ...y, 0, ...z];
    let carry = 0;
    for (let k = 0; k <= 10; k++) {
      const total = k === 10 ? 0 : x[k]! + y[k]!;
      const { low, high } = byName.get([k, carry, k === 0 ? 0 : z[k - 1]!, total].join())!;
      const visible = tokens.slice(0, 31 + k);
      const powers = visible.map((_, j) => Math.exp(amplitude * (Math.cos((30 + k - j - 10.3) * omega) - 1)));
      const sum = powers.reduce((left, right) => left + right, 0);
      const seen = visible.reduce((whole, digit, j) => {
        const size = Math.sqrt((height(digit) ** 2 + digit * digit) / 2);
        return whole + ((powers[j]! / sum) * 22 * 1000 * digit) / (Math.SQRT2 * size);
      }, 0);
      expect(seen).toBeGreaterThanOrEqual(low - 1e-4);
      expect(seen).toBeLessThanOrEqual(high + 1e-4);
      carry = total + carry >= 10 ? 1 : 0;
    }
  }
}
