import { fromData, mul, slice, tensor, transpose } from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";
import { test as property, fc } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { muon, orthogonalise } from "../src/index.ts";

const matrices = (count: number): fc.Arbitrary<Tensor> =>
  fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })).chain(([rows, columns]) =>
    fc
      .array(fc.double({ min: -1, max: 1, noNaN: true }), {
        minLength: count * rows * columns,
        maxLength: count * rows * columns,
      })
      .map((values) => fromData(Float64Array.from(values), [count, rows, columns])),
  );

const close = (a: Tensor, b: Tensor): void => {
  expect(a.shape).toEqual(b.shape);
  a.data.forEach((value, i) => expect(value).toBeCloseTo(b.data[i]!, 9));
};

describe("orthogonalise", () => {
  test("brings a diagonal matrix near the identity", () => {
    const { data } = orthogonalise(
      tensor(
        [
          [3, 0],
          [0, 0.5],
        ],
        "float64",
      ),
    );
    expect([data[1], data[2]]).toEqual([0, 0]);
    for (const value of [data[0]!, data[3]!]) expect(Math.abs(value - 0.95)).toBeLessThan(0.27);
  });

  property.prop([matrices(2)])("treats leading axes as a batch", (x) => {
    const whole = orthogonalise(x);
    for (const index of [0, 1]) {
      const range = [[index, index + 1] as const, null, null];
      close(slice(whole, range), orthogonalise(slice(x, range)));
    }
  });

  property.prop([matrices(1)])("commutes with transposition", (x) => {
    close(orthogonalise(transpose(x)), transpose(orthogonalise(x)));
  });

  property.prop([matrices(1), fc.constantFrom(1, 2, 1024)])("does not depend on length", (x, factor) => {
    fc.pre(x.data.some((value) => Math.abs(value) > 0.1));
    const [a, b] = [orthogonalise(x), orthogonalise(mul(x, factor))];
    a.data.forEach((value, i) => expect(value).toBeCloseTo(b.data[i]!, 4));
  });

  property.prop([matrices(1), fc.integer({ min: 0, max: 5 })])("leaves no direction longer than 1.3", (x, column) => {
    const y = orthogonalise(x);
    const [, rows, columns] = y.shape as [number, number, number];
    const at = column % columns;
    let square = 0;
    for (let row = 0; row < rows; row++) square += y.data[row * columns + at]! ** 2;
    expect(Math.sqrt(square)).toBeLessThan(1.3);
  });

  test("keeps zeros zero", () => {
    expect([...orthogonalise(tensor([[0, 0]])).data]).toEqual([0, 0]);
  });
});

describe("muon", () => {
  test("sends other leaves to partition", () => {
    expect(() => muon().init({ bias: tensor([1, 2]) })).toThrow(
      "muon: expected matrices, received [2]. Give other leaves to another optimiser with partition?",
    );
  });

  test("takes longer steps where a layer has more outputs than inputs", () => {
    const params = { w: tensor([[1, 0, 0, 0]]) };
    const optimiser = muon({ learningRate: 1 });
    const { updates } = optimiser.update(params, optimiser.init(params), params);
    expect(updates.w.data[0]).toBeCloseTo(-2 * orthogonalise(params.w).data[0]!, 6);
  });
});
