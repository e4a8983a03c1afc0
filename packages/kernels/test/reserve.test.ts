import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { gemm, gemmReference, reserve } from "../src/index.ts";
import type { Gemm } from "../src/index.ts";
import { bits, sequence } from "./support/samples.ts";

type Product = Omit<Gemm, "a" | "b" | "out">;
const length = fc.integer({ min: 0, max: 40 });
const region = reserve(4 * 3 * 1600);

test.prop([
  fc.record({
    m: length,
    n: length,
    k: length,
    transposeA: fc.boolean(),
    transposeB: fc.boolean(),
    accumulate: fc.boolean(),
  }),
  fc.nat(),
])("a product where its operands lie equals the reference bit for bit", (product, seed) => {
  agrees(product, region.start, seed);
});

// the last two need more room than the kernels keep beside the operands
test.each<Product>([
  { m: 3000, n: 41, k: 300 },
  { m: 3000, n: 41, k: 300, accumulate: true },
  { m: 41, n: 48, k: 3000, transposeA: true },
  { m: 140_000, n: 3, k: 2 },
  { m: 2, n: 1100, k: 1000, transposeB: true },
])("a large product leaves the views of its operands alive: $m x $n x $k", (product) => {
  const { m, n, k } = product;
  const large = reserve(4 * (m * k + k * n + m * n));
  agrees(product, large.start, 1);
});

test("memory set aside later does not touch earlier values", () => {
  const first = reserve(100);
  new Float64Array(first.buffer as ArrayBuffer, first.start, 12).fill(7);
  const second = reserve(3_000_000);
  expect(first.start % 16).toBe(0);
  expect(second.start).toBeGreaterThanOrEqual(first.start + 100);
  new Uint8Array(second.buffer as ArrayBuffer, second.start, 3_000_000).fill(1);
  expect(first.buffer).toBe(second.buffer);
  expect(new Float64Array(first.buffer as ArrayBuffer, first.start, 12)).toEqual(new Float64Array(12).fill(7));
});

function agrees(product: Product, start: number, seed: number): void {
  const { m, n, k } = product;
  const next = sequence(seed);
  const buffer = region.buffer as ArrayBuffer;
  const a = new Float32Array(buffer, start, m * k);
  const b = new Float32Array(buffer, start + 4 * m * k, k * n);
  const out = new Float32Array(buffer, start + 4 * (m * k + k * n), m * n);
  for (const values of [a, b, out]) for (let i = 0; i < values.length; i++) values[i] = next();
  const expected = out.slice();
  gemmReference({ ...product, a: a.slice(), b: b.slice(), out: expected });
  gemm({ ...product, a, b, out });
  expect(out.length).toBe(m * n);
  expect(bits(out)).toEqual(bits(expected));
}
