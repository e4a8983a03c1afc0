import { countParameters, flattenTree, key } from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gary } from "../src/adder/gary.ts";
import { ripple } from "../src/adder/ripple.ts";
import { rippleAddSub } from "../src/adder/rippleAddSub.ts";
import { problemsOf } from "../src/problems/problems.ts";

const digits = fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 7 });

describe("adders", () => {
  test.each([
    [gary, 26_448, 7],
    [ripple, 26_192, Number.POSITIVE_INFINITY],
    [rippleAddSub, 26_256, Number.POSITIVE_INFINITY],
  ] as const)("have exactly as many parameters as they say", (adder, parameters, maxDigits) => {
    expect(countParameters(adder.init(key(0)))).toBe(parameters);
    expect(adder.maxDigits).toBe(maxDigits);
  });

  test("start with the deviations of the recipe, and no bias", () => {
    const { leaves, paths } = flattenTree(gary.init(key(3)));
    const deviation = ({ data }: Tensor): number =>
      Math.sqrt(Array.from(data).reduce((sum, value) => sum + value * value, 0) / data.length);
    const found = Object.fromEntries(paths.map((path, index) => [path, deviation(leaves[index]!)]));
    expect(found["digits.0"]).toBeCloseTo(0.5, 1);
    expect(found["positions.0"]).toBeCloseTo(0.1, 1);
    expect(found["rule.router.weight"]).toBeCloseTo(0.1, 2);
    expect(found["rule.experts.w1"]).toBeCloseTo(Math.sqrt(2 / 96), 2);
    expect(found["rule.experts.w2"]).toBeCloseTo(0.3 / Math.sqrt(32), 2);
    expect(found["readOut.weight"]).toBeCloseTo(1 / Math.sqrt(32), 1);
    for (const bias of ["rule.router.bias", "rule.experts.b1", "rule.experts.b2", "readOut.bias"]) {
      expect(found[bias]).toBe(0);
    }
  });

  test.prop([digits, digits], { numRuns: 30 })(
    "see the same whichever operand comes first, where they share a table",
    (a, b) => {
      for (const adder of [gary, ripple]) {
        const params = adder.init(key(1));
        const seen = adder.embed(params, problemsOf([[a, b]], 8));
        expect(adder.embed(params, problemsOf([[b, a]], 8)).data).toEqual(seen.data);
        expect(seen.shape).toEqual([1, 8, 32]);
      }
    },
  );

  test("see the operation, and which operand is which, where they subtract", () => {
    const params = rippleAddSub.init(key(1));
    const seen = (a: number, b: number, operation: "add" | "sub"): number[] =>
      Array.from(rippleAddSub.embed(params, problemsOf([[[a], [b]]], 1, operation)).data);
    expect(seen(3, 4, "sub")).not.toEqual(seen(4, 3, "sub"));
    const difference = seen(3, 4, "sub").map((value, channel) => value - seen(3, 4, "add")[channel]!);
    const [add, sub] = params.operations[0]!.toArray() as [number[], number[]];
    for (const [channel, value] of difference.entries()) expect(value).toBeCloseTo(sub[channel]! - add[channel]!, 5);
  });

  test("without positions see the same digits alike wherever they stand", () => {
    const params = ripple.init(key(1));
    const { data } = ripple.embed(
      params,
      problemsOf(
        [
          [
            [4, 4, 4],
            [2, 2, 2],
          ],
        ],
        3,
      ),
    );
    expect(data.slice(0, 32)).toEqual(data.slice(64, 96));
    const there = gary.embed(
      gary.init(key(1)),
      problemsOf(
        [
          [
            [4, 4, 4],
            [2, 2, 2],
          ],
        ],
        3,
      ),
    ).data;
    expect(there.slice(0, 32)).not.toEqual(there.slice(64, 96));
  });
});
