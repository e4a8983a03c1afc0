import { tensor } from "@ganglion/tensor";
import { test as property, fc } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { ema } from "../src/index.ts";
import { difference } from "./support/golden.ts";
import { pairs } from "./support/trees.ts";

describe("ema", () => {
  property.prop([pairs(), fc.nat(20)])("of constants is that constant", ({ params, grads }, count) => {
    const average = ema(0.99);
    let state = average.init(grads);
    for (let i = 0; i <= count; i++) state = average.update(state, params);
    expect(difference(average.params(state), params)).toBe(0);
  });

  test("forgets the random start at once", () => {
    const average = ema(0.999);
    const state = average.update(average.init({ w: tensor([100]) }), { w: tensor([1]) });
    expect(average.params(state)).toEqual({ w: tensor([1]) });
  });

  test("keeps a share of t / (t + 8) until that is the decay", () => {
    const average = ema(0.5);
    let state = average.init(tensor([0], "float64"));
    const kept: number[] = [];
    for (let t = 0; t < 20; t++) {
      const before = state.average as ReturnType<typeof tensor>;
      state = average.update(state, tensor([before.item() + 1], "float64"));
      kept.push(1 - ((state.average as ReturnType<typeof tensor>).item() - before.item()));
    }
    kept.forEach((share, t) => expect(share).toBeCloseTo(Math.min(0.5, t / (t + 8)), 12));
  });

  test("refuses a decay of 1", () => {
    expect(() => ema(1)).toThrow("ema: expected decay in [0, 1), received 1");
  });
});
