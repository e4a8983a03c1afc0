import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { mapBinary, mapUnary, reserve } from "../src/index.ts";
import type { BinaryName, UnaryName } from "../src/index.ts";
import { trials } from "./support/trials.ts";

const edges = [0, -0, 1, -1, Infinity, -Infinity, NaN, 1e-45, -1e-45, 3.4e38, 1e-38];
const element = fc.oneof(fc.float({ noNaN: false }), fc.constantFrom(...edges));
const length = fc.integer({ min: 0, max: 67 });
const region = reserve(3 * 1024);

/** Float32 values in the kernels' own memory, at one of three places that do not overlap. */
function here(values: ArrayLike<number>, place: number): Float32Array {
  const view = new Float32Array(region.buffer as ArrayBuffer, region.start + place * 1024, values.length);
  view.set(values);
  return view;
}

/** Bits, with one pattern for every NaN. */
const bits = (values: Float32Array): number[] =>
  [...values].map((value) => (Number.isNaN(value) ? NaN : new Int32Array(new Float32Array([value]).buffer)[0]!));

const binaryNames = ["add", "sub", "mul", "div", "maximum", "minimum", "gate"] as const satisfies readonly BinaryName[];
const unaryNames = [
  "exp",
  "log",
  "tanh",
  "sigmoid",
  "erf",
  "neg",
  "abs",
  "sqrt",
  "square",
  "reciprocal",
  "relu",
  "sin",
] as const;

describe.each(binaryNames)("mapBinary %s", (name) => {
  test.prop(
    [
      length,
      fc.array(element, { minLength: 67, maxLength: 67 }),
      fc.array(element, { minLength: 67, maxLength: 67 }),
      fc.integer({ min: 0, max: 3 }),
    ],
    trials(1500),
  )("has the bits of the plain loop in the kernels' memory, whatever length and steps", (n, xs, ys, steps) => {
    const [s, t] = [steps & 1, steps >> 1];
    const [a, b] = [Float32Array.from(xs), Float32Array.from(ys)];
    const plain = new Float32Array(n + 1).fill(7);
    const walk = { rows: 1, length: n, aStart: 0, bStart: 0, outStart: 0, aRow: 0, bRow: 0, aStep: s, bStep: t };
    mapBinary(name, a, b, plain, walk);
    const fast = here(new Float32Array(n + 1).fill(7), 2);
    mapBinary(name, here(a, 0), here(b, 1), fast, walk);
    expect(bits(fast)).toEqual(bits(plain));
  });
});

describe.each(unaryNames)("mapUnary %s", (name: UnaryName) => {
  test.prop([fc.array(element, { maxLength: 67 })], trials(1500))(
    "has the bits of ordinary arrays in the kernels' memory, and writes nothing behind them",
    (xs) => {
      const plain = new Float32Array(xs.length);
      mapUnary(name, Float32Array.from(xs), plain);
      const guarded = here(new Float32Array(xs.length + 4).fill(7), 2);
      mapUnary(name, here(xs, 0), guarded.subarray(0, xs.length));
      expect(bits(guarded)).toEqual([...bits(plain), ...bits(new Float32Array(4).fill(7))]);
    },
  );
});

test("gate passes its first operand where the second is above 0", () => {
  const out = new Float32Array(5);
  mapBinary("gate", Float32Array.of(1, 2, 3, 4, 5), Float32Array.of(-1, 0, 1, NaN, 1e-45), out, {
    rows: 1,
    length: 5,
    aStart: 0,
    bStart: 0,
    outStart: 0,
    aRow: 0,
    bRow: 0,
    aStep: 1,
    bStep: 1,
  });
  expect([...out]).toEqual([0, 0, 3, 0, 5]);
});
