import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gemm, gemmReference } from "../src/index.ts";
import type { Gemm, Matrix } from "../src/index.ts";
import { gemmPlain } from "../src/matrix/gemm-plain.ts";
import { gemmSimd } from "../src/matrix/gemm-simd.ts";
import { simd } from "../src/copies.ts";
import { trials } from "./support/trials.ts";
import { bits, sequence } from "./support/samples.ts";

const length = fc.integer({ min: 0, max: 67 });
const offset = fc.integer({ min: 0, max: 5 });
const flags = fc.record({ transposeA: fc.boolean(), transposeB: fc.boolean(), accumulate: fc.boolean() });
const offsets = fc.record({ aOffset: offset, bOffset: offset, outOffset: offset });
const products = fc
  .record({ m: length, n: length, k: length, flags, offsets, seed: fc.nat() })
  .map(({ flags: which, offsets: where, ...rest }) => ({ ...rest, ...which, ...where }));
type Product = Omit<Gemm, "a" | "b" | "out"> & { readonly seed: number };

describe("gemm", () => {
  test("multiplies row-major matrices", () => {
    const a = Float32Array.of(1, 2, 3, 4, 5, 6);
    const b = Float32Array.of(1, 0, 0, 1, 2, 3);
    const out = Float32Array.of(100, 100, 100, 100);
    gemm({ m: 2, n: 2, k: 3, a, b, out });
    expect([...out]).toEqual([7, 11, 16, 23]);
    gemm({ m: 2, n: 2, k: 3, a, b, out, accumulate: true });
    expect([...out]).toEqual([14, 22, 32, 46]);
    gemm({ m: 2, n: 2, k: 3, a: Float32Array.of(1, 4, 2, 5, 3, 6), b, out, transposeA: true });
    expect([...out]).toEqual([7, 11, 16, 23]);
    gemm({ m: 2, n: 2, k: 3, a, b: Float32Array.of(1, 0, 2, 0, 1, 3), out, transposeB: true });
    expect([...out]).toEqual([7, 11, 16, 23]);
  });

  test("rounds every product and every sum to float32", () => {
    const a = Float32Array.of(1 + 2 ** -23, 1);
    const b = Float32Array.of(1 + 2 ** -23, -1 - 2 ** -22);
    const out = new Float32Array(1);
    gemmReference({ m: 1, n: 1, k: 2, a, b, out });
    expect(out[0]).toBe(0); // 2^-46 in exact arithmetic
  });

  const ways = [
    ["gemm", Float32Array, gemm],
    ["gemm", Float64Array, gemm],
    ["gemmPlain", Float32Array, gemmPlain],
    ["gemmSimd", Float32Array, (product: Gemm) => gemmSimd(simd()!, product as Gemm<Float32Array>)],
  ] as const;
  for (const [name, Values, multiply] of ways) {
    test.prop([products], trials(300))(`${name} of ${Values.name} equals the reference bit for bit`, (product) => {
      agrees(product, Values, multiply);
    });
  }

  const large: readonly Omit<Product, "seed">[] = [
    { m: 1500, n: 33, k: 70 },
    { m: 1500, n: 33, k: 70, accumulate: true },
    { m: 600, n: 40, k: 96, transposeB: true, accumulate: true },
    { m: 96, n: 33, k: 2000, transposeA: true },
    { m: 97, n: 32, k: 2000, transposeA: true, accumulate: true },
    { m: 61, n: 43, k: 1300, transposeA: true, transposeB: true },
    { m: 40, n: 264, k: 520 },
    { m: 3, n: 270, k: 5 },
    { m: 5, n: 5, k: 70000 },
    { m: 70001, n: 1, k: 2 },
  ];
  test.each(large)("equals the reference when it works in chunks: $m x $n x $k", (product) => {
    agrees({ ...product, seed: 1 }, Float32Array, gemm);
  });

  test.prop([products, fc.constantFrom(32, 64, 96, 128), fc.integer({ min: 1, max: 40 })], trials(300))(
    "gemmSimd of rows of a usual length equals the reference bit for bit",
    (product, k, m) => {
      agrees({ ...product, k, m, transposeA: false }, Float32Array, (each: Gemm) =>
        gemmSimd(simd()!, each as Gemm<Float32Array>),
      );
    },
  );

  test("carries infinities and NaN", () => {
    const edges = Float32Array.of(0, -0, 1, -1, Infinity, -Infinity, NaN, 1e-45, 3.4e38, -3.4e38);
    const a = Float32Array.from({ length: 900 }, (_, i) => edges[(i * 7) % 10]!);
    const b = Float32Array.from({ length: 900 }, (_, i) => edges[(i * 3 + Math.floor(i / 30)) % 10]!);
    const product = { m: 30, n: 30, k: 30, a, b };
    const [expected, received] = [new Float32Array(900), new Float32Array(900)];
    gemmReference({ ...product, out: expected });
    gemm({ ...product, out: received });
    expect(bits(received)).toEqual(bits(expected));
  });
});

/** Both run into arrays with margins, so that a stray write shows. */
function agrees(
  { seed, ...product }: Product,
  Values: Float32ArrayConstructor | Float64ArrayConstructor,
  multiply: (product: Gemm) => void,
): void {
  const { m, n, k, aOffset = 0, bOffset = 0, outOffset = 0 } = product;
  const next = sequence(seed);
  const fill = (size: number): Matrix => new Values(size).map(next);
  const a = fill(aOffset + m * k + 3);
  const b = fill(bOffset + k * n + 3);
  const expected = fill(outOffset + m * n + 3);
  const received = expected.slice();
  gemmReference({ ...product, a, b, out: expected });
  multiply({ ...product, a, b, out: received });
  expect(bits(received)).toEqual(bits(expected));
}
