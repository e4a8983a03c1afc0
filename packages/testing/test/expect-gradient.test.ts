import { test } from "@fast-check/vitest";
import fc from "fast-check";
import { describe, expect } from "vitest";
import { centralDifference, expectGradient, arbitraries } from "../src/index.ts";

type Inputs = readonly Float64Array[];

/** sum of sin(x) * y, and of y³ / 3 */
const value = ([x, y]: Inputs): number => x!.reduce((sum, a, i) => sum + Math.sin(a) * y![i]! + y![i]! ** 3 / 3, 0);
const gradient = ([x, y]: Inputs): Float64Array[] => [
  x!.map((a, i) => Math.cos(a) * y![i]!),
  x!.map((a, i) => Math.sin(a) + y![i]! ** 2),
];
const point = (size: number) =>
  fc.tuple(...["x", "y"].map(() => arbitraries.tensorLike({ shape: [size], min: -3, max: 3 }).map(({ data }) => data)));

describe("centralDifference", () => {
  test("is exact but for rounding on polynomials of the second degree", () => {
    const [numeric] = centralDifference(([x]) => 3 * x![0]! ** 2 - x![0]! * x![1]!, [Float64Array.of(2, 5)]);
    expect(numeric![0]).toBeCloseTo(7, 9);
    expect(numeric![1]).toBeCloseTo(-2, 9);
  });

  test.prop([point(4)])("agrees with the derivative that calculus gives", (at) => {
    const numeric = centralDifference(value, at);
    for (const [input, expected] of gradient(at).entries()) {
      for (const [i, number] of expected.entries()) expect(numeric[input]![i]).toBeCloseTo(number, 7);
    }
  });

  test("gives one array per input, also for empty ones", () => {
    expect(centralDifference(() => 1, [new Float64Array(0), Float64Array.of(1, 2)])).toEqual([
      new Float64Array(0),
      new Float64Array(2),
    ]);
    expect(centralDifference(() => 1, [])).toEqual([]);
  });

  test("leaves the inputs untouched when the function writes into what it is given", () => {
    const at = Float64Array.of(1, 2);
    centralDifference(([x]) => x!.fill(9).length, [at]);
    expect(at).toEqual(Float64Array.of(1, 2));
  });

  test("uses the step that it is given", () => {
    const [numeric] = centralDifference(([x]) => x![0]! ** 3, [Float64Array.of(0)], { step: 0.5 });
    expect(numeric![0]).toBe(0.25);
  });
});

describe("expectGradient", () => {
  test.prop([point(5)])("accepts a true gradient", (at) => {
    expectGradient({ value, gradient, at });
  });

  test.prop([point(5), fc.nat(1), fc.nat(4), fc.constantFrom(-1, 1)])(
    "refuses a gradient with one element off by a millionth, and names that element",
    (at, input, index, sign) => {
      const wrong = (inputs: Inputs): Float64Array[] => {
        const result = gradient(inputs);
        result[input]![index]! += sign * 1e-6 * (1 + Math.abs(result[input]![index]!));
        return result;
      };
      expect(() => {
        expectGradient({ value, gradient: wrong, at });
      }).toThrow(`expectGradient: input ${input}, index ${index}: analytic `);
    },
  );

  test("names input, index and both numbers", () => {
    const claim = {
      value: ([x]: Inputs) => 2 * x![0]!,
      gradient: () => [Float64Array.of(2.5)],
      at: [Float64Array.of(0)],
    };
    expect(() => {
      expectGradient(claim);
    }).toThrow(new Error("expectGradient: input 0, index 0: analytic 2.5, numeric 2"));
  });

  test("refuses NaN", () => {
    const claim = { value: () => 0, gradient: () => [Float64Array.of(Number.NaN)], at: [Float64Array.of(0)] };
    expect(() => {
      expectGradient(claim);
    }).toThrow(new Error("expectGradient: input 0, index 0: analytic NaN, numeric 0"));
  });

  test("says how many gradients or elements are missing", () => {
    const at = [Float64Array.of(1, 2)];
    expect(() => {
      expectGradient({ value: () => 0, gradient: () => [], at });
    }).toThrow(new Error("expectGradient: expected 1 gradients, received 0"));
    expect(() => {
      expectGradient({ value: () => 0, gradient: () => [new Float64Array(3)], at });
    }).toThrow(new Error("expectGradient: gradient of input 0: expected 2 elements, received 3"));
  });

  test("takes the tolerance that it is given", () => {
    const claim = { value: ([x]: Inputs) => x![0]!, gradient: () => [Float64Array.of(1.01)], at: [Float64Array.of(0)] };
    expectGradient({ ...claim, tolerance: 0.006 });
    expect(() => {
      expectGradient({ ...claim, tolerance: 0.004 });
    }).toThrow("analytic 1.01, numeric 1");
  });
});
