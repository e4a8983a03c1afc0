import { afterEach, expect, test } from "vitest";
import { fast } from "../src/fast.ts";
import { compile, fromData, matmul } from "../src/index.ts";

afterEach(() => {
  fast(false);
});

test("fast is heard by eager and by compiled products alike", () => {
  const a = fromData(
    Float32Array.from({ length: 64 * 64 }, (_, i) => Math.fround(Math.cos(i))),
    [64, 64],
  );
  const product = compile(matmul);
  const strict = [...matmul(a, a).data];
  expect([...product(a, a).data]).toEqual(strict);
  const quick = fast(true);
  const eager = [...matmul(a, a).data];
  expect([...product(a, a).data]).toEqual(eager);
  // each sums 64 products of at most 1
  for (const [i, x] of eager.entries()) expect(Math.abs(x - strict[i]!)).toBeLessThanOrEqual(65 * 64 * 2 ** -23);
  expect(quick || eager.every((x, i) => x === strict[i])).toBe(true);
  fast(false);
  expect([...product(a, a).data]).toEqual(strict);
});
