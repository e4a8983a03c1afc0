import { describe, expect, test } from "vitest";
import * as t from "../src/index.ts";
import { sort } from "../src/index.ts";
import { erf, roundHalfEven } from "./reference.ts";

const specials = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  2.5,
  3.5,
  -1.5,
  1e-45,
  -1e-45,
  1e-38,
  16777217,
  88.5,
  -87,
  709.5,
  -745,
  1e38,
  -1e38,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
];
const float32 = specials.map(Math.fround);

const unary = {
  neg: (x: number) => -x,
  abs: Math.abs,
  sign: Math.sign,
  square: (x: number) => x * x,
  reciprocal: (x: number) => 1 / x,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  tanh: Math.tanh,
  sigmoid: (x: number) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x))),
  relu: (x: number) => Math.max(x, 0),
  sin: Math.sin,
  cos: Math.cos,
  erf,
  floor: Math.floor,
  round: roundHalfEven,
} as const;

const binary = {
  add: (a: number, b: number) => a + b,
  sub: (a: number, b: number) => a - b,
  mul: (a: number, b: number) => a * b,
  div: (a: number, b: number) => a / b,
  maximum: Math.max,
  minimum: Math.min,
  equal: (a: number, b: number) => Number(a === b),
  notEqual: (a: number, b: number) => Number(a !== b),
  less: (a: number, b: number) => Number(a < b),
  lessEqual: (a: number, b: number) => Number(a <= b),
  greater: (a: number, b: number) => Number(a > b),
  greaterEqual: (a: number, b: number) => Number(a >= b),
} as const;

type Float = "float32" | "float64";
const dtypes: readonly Float[] = ["float32", "float64"];
const rounded = (value: number, dtype: Float): number => (dtype === "float32" ? Math.fround(value) : value);

/** Both are the same NaN, infinity or zero, sign included, or agree to a few units in the last place. */
function agrees(got: number, wanted: number, dtype: Float): boolean {
  if (Object.is(got, wanted)) return true;
  const [relative, tiny] = dtype === "float32" ? [4e-7, 3e-45] : [1e-15, 1e-323];
  return Number.isFinite(got) && wanted !== 0 && Math.abs(got - wanted) <= tiny + relative * Math.abs(wanted);
}

describe.each(dtypes)("%s", (dtype) => {
  test.each(Object.keys(unary) as (keyof typeof unary)[])(
    "%s of zeros, subnormals, huge numbers, infinities, NaN",
    (name) => {
      const got = t[name](t.tensor(float32, dtype)).data;
      const wrong = float32.flatMap((x, index) => {
        const wanted = rounded(unary[name](x), dtype);
        return agrees(got[index]!, wanted, dtype) ? [] : [`${name}(${x}) is ${got[index]} instead of ${wanted}`];
      });
      expect(wrong).toEqual([]);
    },
  );

  test.each(Object.keys(binary) as (keyof typeof binary)[])("%s of every pair of them", (name) => {
    const column = t.tensor(
      float32.map((x) => [x]),
      dtype,
    );
    const got = t[name](column, t.tensor(float32, dtype)).data;
    const wrong = float32.flatMap((a, row) =>
      float32.flatMap((b, index) => {
        const wanted = rounded(binary[name](a, b), dtype);
        const received = got[row * float32.length + index]!;
        return Object.is(received, wanted) ? [] : [`${name}(${a}, ${b}) is ${received} instead of ${wanted}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  test("gelu and silu vanish far below 0 and are the identity far above", () => {
    for (const f of [t.gelu, t.silu]) {
      const [low, high] = f(t.tensor([-1000, 1000], dtype)).data;
      expect(Math.abs(low!)).toBe(0);
      expect(high).toBe(1000);
    }
  });

  test("softmax, logSoftmax and logSumExp neither overflow nor lose the small terms", () => {
    const x = t.tensor(
      [
        [1000, 1000, -1000],
        [0, Number.NEGATIVE_INFINITY, 0],
      ],
      dtype,
    );
    expect(t.softmax(x).toArray()).toEqual([
      [0.5, 0.5, 0],
      [0.5, 0, 0.5],
    ]);
    const ln2 = rounded(Math.LN2, dtype);
    expect(t.logSumExp(x).data[1]).toBe(ln2);
    expect(t.logSoftmax(x).data[2]).toBeCloseTo(-2000.6931, 3);
    expect(t.logSumExp(t.full([3], Number.NEGATIVE_INFINITY, dtype)).item()).toBe(Number.NEGATIVE_INFINITY);
    expect(t.logSumExp(t.tensor([-1000, -1000], dtype)).item()).toBeCloseTo(-999.30685, 3);
  });

  test("max and min pass NaN on; sort and topK put it last", () => {
    const x = t.tensor([2, Number.NaN, 3, 1], dtype);
    expect([t.max(x).item(), t.min(x).item()]).toEqual([Number.NaN, Number.NaN]);
    expect(sort(x).values.toArray()).toEqual([1, 2, 3, Number.NaN]);
    expect(t.topK(x, 4).values.toArray()).toEqual([3, 2, 1, Number.NaN]);
  });
});

test("sums of float32 are added up in float64", () => {
  const x = t.full([100_000], 0.1);
  expect(t.sum(x).item()).toBe(Math.fround(100_000 * Math.fround(0.1)));
  expect(t.mean(x).item()).toBeCloseTo(0.1, 7);
  expect(t.cumsum(x).data.at(-1)).toBeCloseTo(10_000, 2);
});

test("a variance far from 0 does not cancel", () => {
  expect(t.variance(t.tensor([1e6 + 1, 1e6 + 2, 1e6 + 3])).item()).toBeCloseTo(2 / 3, 6);
});

describe("empty tensors", () => {
  const empty = t.zeros([0, 3]);

  test("flow through elementwise operations, layouts and joins", () => {
    expect(t.add(empty, 1).shape).toEqual([0, 3]);
    expect(t.tanh(empty).shape).toEqual([0, 3]);
    expect(t.transpose(empty).shape).toEqual([3, 0]);
    expect(t.reshape(empty, [3, 0, 2]).shape).toEqual([3, 0, 2]);
    expect(t.concat([empty, t.ones([1, 3])]).toArray()).toEqual([[1, 1, 1]]);
    expect(t.slice(t.ones([2, 3]), [[1, 1]]).toArray()).toEqual([]);
    expect(t.take(t.ones([2, 3]), t.zeros([0], "int32")).shape).toEqual([0, 3]);
    expect(sort(empty, 0).values.shape).toEqual([0, 3]);
    expect(t.softmax(empty).shape).toEqual([0, 3]);
    expect(t.logSumExp(empty).shape).toEqual([0]);
    expect(t.flip(empty).shape).toEqual([0, 3]);
    expect(empty.toArray()).toEqual([]);
  });

  test("sum to zeros, also in products", () => {
    expect(t.sum(empty).item()).toBe(0);
    expect(t.sum(empty, 0).toArray()).toEqual([0, 0, 0]);
    expect(t.matmul(t.zeros([2, 0]), t.zeros([0, 3])).toArray()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(t.segmentSum(empty, t.zeros([0], "int32"), 2).toArray()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(t.groupedMatmul(empty, t.ones([2, 3, 4]), t.zeros([2], "int32")).shape).toEqual([0, 4]);
  });

  test("have empty gradients", () => {
    expect(t.grad((x: t.Tensor) => t.sum(t.square(x)))(empty)).toEqual(empty);
    expect(t.grad((x: t.Tensor) => t.sum(t.matmul(x, t.ones([3, 2]))))(empty)).toEqual(empty);
  });
});

describe("conventions at kinks and ties", () => {
  const x = t.tensor([0, 0, -1, 1], "float64");
  const slope = (f: (x: t.Tensor) => t.Tensor): t.Nested =>
    t
      .grad((y: t.Tensor) => t.sum(f(y)))(x)
      .toArray();

  test("relu, abs, sign, floor and round have gradient 0 at 0", () => {
    expect(slope(t.relu)).toEqual([0, 0, 0, 1]);
    expect(slope(t.abs)).toEqual([0, 0, -1, 1]);
    for (const f of [t.sign, t.floor, t.round]) expect(slope(f)).toEqual([0, 0, 0, 0]);
  });

  test("clamp lets gradients through on its bounds", () => {
    expect(slope((y) => t.clamp(y, 0, 1))).toEqual([1, 1, 0, 1]);
  });

  test("ties of maximum and minimum share the gradient in halves, those of max and min evenly", () => {
    expect(slope((y) => t.maximum(y, 0))).toEqual([0.5, 0.5, 0, 1]);
    expect(slope((y) => t.minimum(y, 0))).toEqual([0.5, 0.5, 1, 0]);
    const ties = t.tensor(
      [
        [3, 3, 3],
        [1, 5, 5],
      ],
      "float64",
    );
    expect(
      t
        .grad((y: t.Tensor) => t.sum(t.max(y, 1)))(ties)
        .toArray(),
    ).toEqual([
      [1 / 3, 1 / 3, 1 / 3],
      [0, 0.5, 0.5],
    ]);
    expect(
      t
        .grad((y: t.Tensor) => t.sum(t.min(y, 1)))(ties)
        .toArray(),
    ).toEqual([
      [1 / 3, 1 / 3, 1 / 3],
      [1, 0, 0],
    ]);
  });

  test("argmax, argmin, topK and sort prefer the lower index", () => {
    const ties = t.tensor([2, 5, 5, 2]);
    expect([t.argmax(ties).item(), t.argmin(ties).item()]).toEqual([1, 0]);
    expect(t.topK(ties, 3).indices.toArray()).toEqual([1, 2, 0]);
    expect(sort(ties).indices.toArray()).toEqual([0, 3, 1, 2]);
  });
});

test("numbers take the dtype of the other operand", () => {
  for (const dtype of ["float32", "float64", "int32"] as const) {
    const x = t.tensor([3, 4], dtype);
    expect(t.add(x, 1)).toEqual(t.tensor([4, 5], dtype));
    expect(t.sub(10, x)).toEqual(t.tensor([7, 6], dtype));
    expect(t.maximum(x, 4)).toEqual(t.tensor([4, 4], dtype));
    expect(t.greater(x, 3)).toEqual(t.tensor([0, 1], "uint8"));
    expect(t.where(t.tensor([1, 0], "uint8"), x, 0)).toEqual(t.tensor([3, 0], dtype));
  }
  expect(t.add(1, 2)).toEqual(t.tensor(3));
});

test("cast cuts towards zero and wraps, and sums of masks are int32", () => {
  expect(t.cast(t.tensor([1.9, -1.9, 300]), "int32").toArray()).toEqual([1, -1, 300]);
  expect(t.cast(t.tensor([1, 255, 256, -1], "int32"), "uint8").toArray()).toEqual([1, 255, 0, 255]);
  expect(t.cast(t.tensor([127, 128], "int32"), "int8").toArray()).toEqual([127, -128]);
  expect(t.sum(t.full([300], 1, "uint8"))).toEqual(t.tensor(300, "int32"));
});

describe.each(dtypes)("matmul in %s", (dtype) => {
  test.each([
    [1, 70, 1],
    [7, 8, 9],
    [16, 17, 15],
    [31, 32, 33],
    [64, 65, 66],
    [67, 3, 129],
    [5, 260, 6],
  ])("agrees with plain loops across the borders of tiles: %s x %s x %s", (m, k, n) => {
    // multiples of 1/64 below 2^24: exact in both dtypes
    const matrix = (rows: number, columns: number, phase: number): t.Tensor =>
      t.reshape(
        t.tensor(
          Array.from({ length: rows * columns }, (_, i) => (((i + phase) * 7919) % 23) / 8 - 1),
          dtype,
        ),
        [rows, columns],
      );
    const [a, b] = [matrix(m, k, 0), matrix(k, n, 5)];
    const wanted = Array.from({ length: m }, (_, row) =>
      Array.from({ length: n }, (_, column) => {
        let sum = 0;
        for (let i = 0; i < k; i++) sum += a.data[row * k + i]! * b.data[i * n + column]!;
        return sum;
      }),
    );
    expect(t.matmul(a, b).toArray()).toEqual(wanted);
  });
});
