import { fc, test } from "@fast-check/vitest";
import { afterEach, describe, expect, vi } from "vitest";
import { fast } from "../src/fast.ts";
import { automatonProgram, gemm, gemmReference, meshProgram, reserve, threads } from "../src/index.ts";
import type { Gemm, MeshShape } from "../src/index.ts";
import { teamFor } from "../src/threads/threads.ts";
import { runOf, shapeOf, weightsOf } from "./support/automata.ts";
import { meshOf, meshRunOf, meshWeightsOf } from "./support/meshes.ts";
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
  threads(1);
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

describe.runIf(supported)("roll-outs after fast(true)", () => {
  const mesh = { cells: 5000, channels: 12, hidden: 48, lattice: "mixed", activation: "relu", seed: 3 } as const;
  const works: readonly [string, () => Float32Array[]][] = [
    ["a mesh that adds", () => meshTrained(meshOf({ ...mesh, update: { scale: 0.1 } }))],
    ["a mesh that overwrites", () => meshTrained(meshOf({ ...mesh, channels: 9, update: "tanh" }))],
    ["a mixture", mixtureTrained],
  ];

  test.each(works)("stay within 2e-5 of the largest number, forward and back: %s", (_, work) => {
    fast(false);
    const strict = work();
    fast(true);
    const near = work();
    expect(near.some((values, i) => values.some((value, j) => value !== strict[i]![j]))).toBe(true);
    for (const [i, values] of near.entries()) {
      const largest = strict[i]!.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(values.every((value, j) => Math.abs(value - strict[i]![j]!) <= 2e-5 * largest)).toBe(true);
    }
  });

  test.each(works)("have the same bits on two threads, and strict ones again after fast(false): %s", (_, work) => {
    fast(false);
    const strict = work();
    fast(true);
    const near = work();
    threads(2);
    expect(teamFor(Infinity)!.ready(20_000)).toBe(true);
    for (let turn = 0; turn < 3; turn++) expect(work().map(bits)).toEqual(near.map(bits));
    fast(false);
    expect(work().map(bits)).toEqual(strict.map(bits));
    threads(1);
    expect(work().map(bits)).toEqual(strict.map(bits));
  });

  test("of a program that was made before change with it, and a tape goes back by the kernels of now", () => {
    fast(false);
    const shape = meshOf({ ...mesh, update: { scale: 0.1 } });
    const program = meshProgram(shape);
    program.load(meshWeightsOf(shape, 1));
    const run = meshRunOf(shape, { batch: 1, steps: 2, rate: 0.6, seed: 4, inputs: false, keep: false });
    const gradient = (): Uint32Array => bits(program.backward(program.run(run)).w1);
    const strict = gradient();
    fast(true);
    const near = gradient();
    expect(near).not.toEqual(strict);
    fast(false);
    expect(gradient()).toEqual(strict);
  });
});

test("stays strict where relaxed SIMD is missing, and says so once", async () => {
  vi.resetModules();
  // a second copy, which looks for it anew
  const { fast } = await import("../src/fast.ts");
  vi.spyOn(WebAssembly, "validate").mockReturnValue(false);
  const warn = vi.spyOn(console, "warn").mockReturnValue();
  expect([fast(true), fast(true), fast(false)]).toEqual([false, false, false]);
  expect(warn.mock.calls).toEqual([
    ["fast: expected relaxed SIMD, which this engine lacks: products stay strict. Node 22, Chrome 114 or Firefox 145?"],
  ]);
  const { strict, near } = both({ m: 20, n: 20, k: 20 }, 1, false);
  expect(bits(near)).toEqual(bits(strict));
});

/** Last state and gradients of a mesh. */
function meshTrained(shape: MeshShape): Float32Array[] {
  const program = meshProgram(shape);
  program.load(meshWeightsOf(shape, 1));
  const states = program.run(meshRunOf(shape, { batch: 1, steps: 6, rate: 0.6, seed: 4, inputs: true, keep: false }));
  return [...states, ...(Object.values(program.backward(states)) as Float32Array[])];
}

/** Last state and gradients of a mixture of experts. */
function mixtureTrained(): Float32Array[] {
  const shape = shapeOf({ cells: 8, channels: 16, hidden: 16, experts: 6, topK: 2, lattice: "strip", seed: 3 });
  const program = automatonProgram(shape);
  program.load(weightsOf(shape, 1));
  const { states, balance, z } = program.run(runOf(shape, { batch: 700, steps: 6, rate: 0.5, seed: 2 }));
  const { state, inputs, ...weights } = program.backward({ states, balance: balance.map(() => 1), z });
  return [states.at(-1)!, state, inputs, ...Object.values(weights)];
}

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
