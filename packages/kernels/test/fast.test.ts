import { fc, test } from "@fast-check/vitest";
import { afterEach, describe, expect, vi } from "vitest";
import { fast } from "../src/fast.ts";
import { gemm, gemmReference, reserve } from "../src/index.ts";
import type { Gemm } from "../src/index.ts";
import { bits, sequence } from "./support/samples.ts";

const supported = fast(true);
const length = fc.integer({ min: 0, max: 70 });
const products = fc.record({
  m: length,
  n: length,
  k: length,
  transposeA: fc.boolean(),
  transposeB: fc.boolean(),
  accumulate: fc.boolean(),
});
type Product = Omit<Gemm<Float32Array>, "a" | "b" | "out">;
const region = reserve(4 * 3 * 70 * 70);

afterEach(() => {
  fast(false);
  vi.restoreAllMocks();
});

describe.runIf(supported)("fast", () => {
  test.prop([products, fc.nat(), fc.boolean()], { numRuns: 500 })(
    "keeps every element within (k + 1) 2^-23 times the sizes of its products",
    (product, seed, resident) => {
      fast(true);
      staysNear(product, seed, resident);
    },
  );

  const large = [
    { m: 1500, n: 33, k: 700 },
    { m: 97, n: 32, k: 2000, transposeA: true, accumulate: true },
    { m: 40, n: 264, k: 520, transposeB: true },
  ];
  test.each(large)("keeps the bound when it works in chunks: $m x $n x $k", (product) => {
    fast(true);
    staysNear(product, 1, false);
  });

  test.prop([products, fc.nat()], { numRuns: 100 })("gives every bit back", (product, seed) => {
    fast(true);
    fast(false);
    const { strict, near } = both(product, seed, true);
    expect(bits(near)).toEqual(bits(strict));
  });

  test("rounds a product and its sum once or twice", () => {
    expect(fast(true)).toBe(true);
    const a = Float32Array.from({ length: 256 }, (_, i) => (i % 128 === 1 ? 1 + 2 ** -23 : Number(i % 128 === 0)));
    const b = Float32Array.from({ length: 128 }, (_, i) => [-1 - 2 ** -22, 1 + 2 ** -23][i] ?? 0);
    const out = new Float32Array(2);
    gemm({ m: 2, n: 1, k: 128, a, b, out });
    expect([0, 2 ** -46]).toContain(out[0]);
    expect(out[1]).toBe(out[0]);
  });
});

test("stays strict where relaxed SIMD is missing, and says so once", () => {
  vi.spyOn(WebAssembly, "validate").mockReturnValue(false);
  const warn = vi.spyOn(console, "warn").mockReturnValue();
  expect([fast(true), fast(true), fast(false)]).toEqual([false, false, false]);
  expect(warn.mock.calls).toEqual([
    ["fast: expected relaxed SIMD, which this engine lacks: products stay strict. Node 22, Chrome 114 or Firefox 145?"],
  ]);
  const { strict, near } = both({ m: 20, n: 20, k: 20 }, 1, false);
  expect(bits(near)).toEqual(bits(strict));
});

/** The product by the reference and by `gemm`, and the sizes of the products that each element sums. */
function both(product: Product, seed: number, resident: boolean) {
  const { m, n, k } = product;
  const next = sequence(seed);
  const a = Float32Array.from({ length: m * k }, next);
  const b = Float32Array.from({ length: k * n }, next);
  const start = Float32Array.from({ length: m * n }, next);
  const [strict, near, sizes] = [start.slice(), start.slice(), start.map(Math.abs)];
  gemmReference({ ...product, a, b, out: strict });
  gemmReference({ ...product, a: a.map(Math.abs), b: b.map(Math.abs), out: sizes });
  if (!resident) gemm({ ...product, a, b, out: near });
  else {
    let at = region.start;
    const [x, y, out] = [a, b, near].map((values) => {
      const copy = new Float32Array(region.buffer, at, values.length);
      copy.set(values);
      at += copy.byteLength;
      return copy;
    }) as [Float32Array, Float32Array, Float32Array];
    gemm({ ...product, a: x, b: y, out });
    near.set(out);
  }
  return { strict, near, sizes };
}

function staysNear(product: Product, seed: number, resident: boolean): void {
  const { strict, near, sizes } = both(product, seed, resident);
  const { k } = product;
  const beyond = strict.findIndex((x, i) => !(Math.abs(x - near[i]!) <= (k + 1) * (2 ** -23 * sizes[i]! + 2 ** -148)));
  expect(beyond).toBe(-1);
}
