import { fromData, grad, tensor } from "@ganglion/tensor";
import { expectGradient } from "@ganglion/testing";
import { test as property, fc } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { crossEntropy, meanSquaredError } from "../src/index.ts";

const numbers = (length: number): fc.Arbitrary<Float64Array> =>
  fc
    .array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: length, maxLength: length })
    .map((values) => Float64Array.from(values));

describe("crossEntropy", () => {
  test("of equal logits is log(classes)", () => {
    const loss = crossEntropy(tensor([[[1, 1, 1]], [[0, 0, 0]]], "float64"), tensor([[2], [0]], "int32"));
    expect(loss.shape).toEqual([]);
    expect(loss.item()).toBeCloseTo(Math.log(3), 14);
  });

  test("is the mean of -log p", () => {
    const logits = tensor(
      [
        [Math.log(0.25), Math.log(0.75)],
        [Math.log(0.5), Math.log(0.5)],
      ],
      "float64",
    );
    const loss = crossEntropy(logits, tensor([0, 1], "int32")).item();
    expect(loss).toBeCloseTo(-(Math.log(0.25) + Math.log(0.5)) / 2, 14);
  });

  property.prop([numbers(6), fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 })])(
    "has the right gradient",
    (logits, a, b) => {
      const targets = tensor([a, b], "int32");
      const loss = (x: readonly Float64Array[]) => crossEntropy(fromData(x[0]!, [2, 3]), targets).item();
      const gradient = (x: readonly Float64Array[]) => {
        const g = grad((p: ReturnType<typeof tensor>) => crossEntropy(p, targets))(fromData(x[0]!, [2, 3]));
        return [g.data as Float64Array];
      };
      expectGradient({ value: loss, gradient, at: [logits] });
    },
  );

  test("names the shape that targets should have", () => {
    expect(() => crossEntropy(tensor([[1, 2]]), tensor([0, 1], "int32"))).toThrow(
      "crossEntropy: expected targets of [1], received [2]",
    );
  });
});

describe("meanSquaredError", () => {
  test("is the mean of squared differences", () => {
    expect(meanSquaredError(tensor([1, 2, 3]), tensor([1, 0, 0])).item()).toBeCloseTo(13 / 3, 6);
  });

  property.prop([numbers(4), numbers(4)])("has the right gradient", (predictions, targets) => {
    const loss = (p: ReturnType<typeof tensor>) => meanSquaredError(p, fromData(targets, [4]));
    expectGradient({
      value: (x) => loss(fromData(x[0]!, [4])).item(),
      gradient: (x) => [grad(loss)(fromData(x[0]!, [4])).data as Float64Array],
      at: [predictions],
    });
  });

  test("does not broadcast", () => {
    expect(() => meanSquaredError(tensor([[1], [2]]), tensor([1, 2]))).toThrow(
      "meanSquaredError: expected targets of [2, 1], received [2]",
    );
  });
});
