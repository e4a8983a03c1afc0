import { arbitraries } from "@ganglion/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as t from "../src/index.ts";
import { sort } from "../src/index.ts";
import { expectRefusal } from "./support/expect-refusal.ts";

const anyTensor = fc
  .tuple(
    arbitraries.tensorLike({ shape: arbitraries.shape({ minLength: 0 }), includeEdges: true, min: -1e38, max: 1e38 }),
    fc.constantFrom("float32" as const, "float64" as const),
  )
  .map(([{ shape, data }, dtype]) => t.fromData(dtype === "float32" ? Float32Array.from(data) : data, shape));

describe("tensor", () => {
  test("takes numbers and nested lists; toArray gives them back", () => {
    expect(t.tensor(5).shape).toEqual([]);
    expect(
      t.tensor([
        [1, 2, 3],
        [4, 5, 6],
      ]).shape,
    ).toEqual([2, 3]);
    expect(t.tensor([]).shape).toEqual([0]);
    expect(t.tensor([[], []]).shape).toEqual([2, 0]);
    fc.assert(
      fc.property(anyTensor, (x) => {
        // a list that is empty hides the axes inside it
        fc.pre(x.size > 0);
        expect(t.tensor(x.toArray(), x.dtype)).toEqual(x);
      }),
    );
  });

  test("stores any of five dtypes", () => {
    const storage = {
      float32: Float32Array,
      float64: Float64Array,
      int32: Int32Array,
      uint8: Uint8Array,
      int8: Int8Array,
    };
    for (const [dtype, constructor] of Object.entries(storage)) {
      const x = t.tensor([1, 2], dtype as t.DType);
      expect([x.dtype, x.data.constructor]).toEqual([dtype, constructor]);
    }
    expect(t.tensor([1]).dtype).toBe("float32");
  });

  test("refuses ragged lists and unknown dtypes", () => {
    expectRefusal(
      () => t.tensor([[1, 2], [3]]),
      "ShapeError",
      "tensor: expected lists of 2 at depth 1, received a list of 1. Ragged lists?",
    );
    expectRefusal(
      () => t.tensor([1, [2]]),
      "ShapeError",
      "tensor: expected numbers at depth 1, received a list of 1. Ragged lists?",
    );
    expectRefusal(
      () => t.tensor([[1], 2]),
      "ShapeError",
      "tensor: expected lists of 1 at depth 1, received a number. Ragged lists?",
    );
    expectRefusal(
      () => t.tensor(1, "half" as t.DType),
      "DTypeError",
      "tensor: expected float32, float64, int32, uint8 or int8, received half",
    );
  });
});

describe("fromData", () => {
  test("uses the array without copying, in one row by default", () => {
    const data = Float32Array.of(1, 2, 3, 4);
    expect(t.fromData(data, [2, 2]).data).toBe(data);
    expect(t.fromData(data).shape).toEqual([4]);
  });

  test("keeps its shape when the caller's list changes", () => {
    const shape = [2, 2];
    const x = t.fromData(new Float32Array(4), shape);
    shape[0] = 7;
    expect(x.shape).toEqual([2, 2]);
  });

  test("refuses other arrays and shapes of another size", () => {
    expectRefusal(
      () => t.fromData(new Float32Array(3), [2]),
      "ShapeError",
      "fromData: expected 2 elements for shape [2], received 3",
    );
    expectRefusal(
      () => t.fromData(new Uint16Array(2) as unknown as Float32Array),
      "DTypeError",
      "fromData: expected a Float32Array, Float64Array, Int32Array, Uint8Array or Int8Array, received Uint16Array",
    );
  });
});

describe("zeros, ones, full, arange, eye", () => {
  test("hold what their names say", () => {
    expect(t.zeros([2, 2]).toArray()).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(t.ones([2], "int8")).toEqual(t.tensor([1, 1], "int8"));
    expect(t.full([1, 2], 2.5, "float64")).toEqual(t.tensor([[2.5, 2.5]], "float64"));
    expect(t.full([], 3).item()).toBe(3);
    expect(t.eye(2)).toEqual(
      t.tensor([
        [1, 0],
        [0, 1],
      ]),
    );
    expect(t.arange(3).toArray()).toEqual([0, 1, 2]);
    expect(t.arange(1, 4, 1, "int32")).toEqual(t.tensor([1, 2, 3], "int32"));
    expect(t.arange(1, 2, 0.25).toArray()).toEqual([1, 1.25, 1.5, 1.75]);
    expect(t.arange(3, 0, -1).toArray()).toEqual([3, 2, 1]);
    expect([t.arange(0).shape, t.arange(3, 1).shape]).toEqual([[0], [0]]);
  });

  test("refuse lengths that are no whole numbers from 0, or too many elements", () => {
    const expected = "expected lengths that are whole numbers from 0, received";
    expectRefusal(() => t.zeros([2, -1]), "ShapeError", `zeros: ${expected} [2, -1]`);
    expectRefusal(() => t.zeros([1.5]), "ShapeError", `zeros: ${expected} [1.5]`);
    expectRefusal(() => t.zeros([2 ** 30, 2 ** 30]), "ShapeError", `zeros: ${expected} [1073741824, 1073741824]`);
    expectRefusal(() => t.full([Number.NaN], 1), "ShapeError", `full: ${expected} [NaN]`);
    expectRefusal(() => t.eye(-1), "ShapeError", `eye: ${expected} [-1, -1]`);
  });

  test("refuse endless ranges and unknown dtypes", () => {
    const expected = "arange: expected finite bounds and a step other than 0, received";
    expectRefusal(() => t.arange(0, 3, 0), "ConfigError", `${expected} 0, 3, 0`);
    expectRefusal(() => t.arange(Number.POSITIVE_INFINITY), "ConfigError", `${expected} 0, Infinity, 1`);
    const dtypes = "expected float32, float64, int32, uint8 or int8, received half";
    expectRefusal(() => t.arange(0, 2, 1, "half" as t.DType), "DTypeError", `arange: ${dtypes}`);
    expectRefusal(() => t.zeros([2], "half" as t.DType), "DTypeError", `zeros: ${dtypes}`);
  });
});

describe("Tensor", () => {
  test("knows its size, and its one element", () => {
    expect([t.zeros([2, 3]).size, t.zeros([]).size, t.zeros([2, 0]).size]).toEqual([6, 1, 0]);
    expect([t.tensor([[7]]).item(), t.tensor(-0.5).item()]).toEqual([7, -0.5]);
    expectRefusal(() => t.zeros([2]).item(), "ShapeError", "item: expected one element, received [2]. Use toArray()?");
  });

  test("has as many elements as its shape has places, after any layout", () => {
    fc.assert(
      fc.property(anyTensor, (x) => {
        for (const y of [x, t.reshape(x, [x.size]), t.flip(x), t.expandDims(x, 0), t.broadcastTo(x, [2, ...x.shape])]) {
          expect(y.data.length).toBe(y.shape.reduce((product, length) => product * length, 1));
          expect(y.size).toBe(y.data.length);
        }
      }),
    );
  });
});

describe("layouts undo themselves", () => {
  test("reshape, flip, transpose, expandDims, pad and slice, split and join", () => {
    fc.assert(
      fc.property(anyTensor, fc.nat(), (x, seed) => {
        const rank = x.shape.length;
        const order = Array.from(t.permutation(t.key(seed), rank).data);
        const back = order.map((_, axis) => order.indexOf(axis));
        expect(t.reshape(t.reshape(x, [x.size]), x.shape)).toEqual(x);
        expect(t.flip(t.flip(x))).toEqual(x);
        expect(t.transpose(t.transpose(x, order), back)).toEqual(x);
        expect(t.squeeze(t.expandDims(x, -1), -1)).toEqual(x);
        const padded = t.pad(
          x,
          x.shape.map(() => [2, 1] as const),
          9,
        );
        expect(
          t.slice(
            padded,
            x.shape.map((length) => [2, 2 + length] as const),
          ),
        ).toEqual(x);
        if (rank === 0) return;
        const cut = seed % (x.shape[0]! + 1);
        expect(t.concat([t.slice(x, [[0, cut]]), t.slice(x, [[cut, x.shape[0]!]])])).toEqual(x);
        expect(
          t.take(t.take(x, t.permutation(t.key(seed), x.shape[0]!)), inverse(t.permutation(t.key(seed), x.shape[0]!))),
        ).toEqual(x);
      }),
    );
  });

  test("sort is topK upside down, and gather follows its indices", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 20 }), (values) => {
        const x = t.tensor(values, "float64");
        const { values: ascending, indices } = sort(x);
        expect(ascending.toArray()).toEqual(values.toSorted((a, b) => a - b));
        expect(t.gather(x, indices)).toEqual(ascending);
        expect(t.flip(t.topK(x, values.length).values)).toEqual(ascending);
      }),
    );
  });
});

describe("sort of integers", () => {
  const narrow = fc.integer({ min: -3, max: 3 });
  const wide = fc.oneof(narrow, fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));

  test("keeps equal ones in their order, whether the range is narrow or all of int32", () => {
    fc.assert(
      fc.property(fc.oneof(fc.array(narrow, { maxLength: 60 }), fc.array(wide, { maxLength: 60 })), (values) => {
        const { values: ascending, indices } = sort(t.tensor(values, "int32"));
        const order = values.map((_, place) => place).toSorted((a, b) => values[a]! - values[b]! || a - b);
        expect(indices.toArray()).toEqual(order);
        expect(ascending.toArray()).toEqual(order.map((place) => values[place]));
      }),
    );
  });
});

const inverse = (order: t.Tensor): t.Tensor => sort(order).indices;
