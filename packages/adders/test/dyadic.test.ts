import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import {
  absolute,
  approximate,
  compare,
  exact,
  larger,
  minus,
  plus,
  smaller,
  times,
  whole,
  write,
} from "../src/prove/dyadic.ts";
import { geluTanhOf, line, rmsNormOf, weightedSum } from "../src/prove/interval.ts";
import { geluTanh, rmsNorm } from "../src/index.ts";
import { tensor } from "@ganglion/tensor";

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const modest = fc.double({ min: -1e6, max: 1e6, noNaN: true });

describe("exact numbers", () => {
  test.prop([finite])("hold every double, subnormals included", (x) => {
    expect(approximate(exact(x))).toBe(x + 0);
  });

  test.prop([fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }), fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n })])(
    "add, multiply and compare as whole numbers do",
    (a, b) => {
      expect(plus(whole(a), whole(b))).toEqual(whole(a + b));
      expect(minus(whole(a), whole(b))).toEqual(whole(a - b));
      expect(times(whole(a), whole(b))).toEqual(whole(a * b));
      expect(Math.sign(compare(whole(a), whole(b)))).toBe(a < b ? -1 : a > b ? 1 : 0);
      expect(larger(whole(a), whole(b))).toEqual(whole(a > b ? a : b));
      expect(smaller(whole(a), whole(b))).toEqual(whole(a < b ? a : b));
      expect(absolute(whole(a))).toEqual(whole(a < 0n ? -a : a));
    },
  );

  test.prop([finite, finite])("differ from rounded sums by less than half a unit", (x, y) => {
    fc.pre(Number.isFinite(x + y));
    const error = absolute(minus(plus(exact(x), exact(y)), exact(x + y)));
    const bound = plus(times(exact(2 ** -53), absolute(exact(x + y))), exact(Number.MIN_VALUE));
    expect(compare(error, bound)).toBeLessThanOrEqual(0);
  });

  test("are written as digits and exponent, and refuse what is not finite", () => {
    expect(write(exact(-0.75))).toBe("-3*2^-2");
    expect(() => exact(Infinity)).toThrow(new RangeError("exact: expected a finite number, received Infinity"));
  });
});

describe("intervals", () => {
  const pair = fc.tuple(
    modest,
    fc.double({ min: 0, max: 10, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  );
  const inside = ([low, width, share]: readonly [number, number, number]): number =>
    Math.min(low + width, low + share * width);

  test.prop([fc.tuple(pair, pair, pair), fc.array(modest, { minLength: 3, maxLength: 3 })])(
    "hold what the engine computes from numbers within them",
    (ranges, weights) => {
      const x = ranges.map(([low, width]) => ({ low, high: low + width }));
      const points = ranges.map(inside);
      const within = (value: number, { low, high }: { low: number; high: number }): void => {
        expect(value).toBeGreaterThanOrEqual(low);
        expect(value).toBeLessThanOrEqual(high);
      };
      within(weights[0]! + weights[1]! * points[0]!, line(weights[0]!, weights[1]!, x[0]!));
      within(points[0]! * weights[0]! + points[1]! * weights[1]! + points[2]! * weights[2]!, weightedSum(x, weights));
      const normed = rmsNorm(tensor(points, "float64"), tensor(weights, "float64"), 1e-5).data;
      for (const [index, interval] of rmsNormOf(x, weights, 1e-5).entries()) within(normed[index]!, interval);
      within(geluTanh(tensor(points[0]!, "float64")).item(), geluTanhOf(x[0]!));
    },
  );
});
