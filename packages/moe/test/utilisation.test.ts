import { fc, test } from "@fast-check/vitest";
import { fromData, tensor } from "@ganglion/tensor";
import { describe, expect } from "vitest";
import { utilisation } from "../src/index.ts";

describe("utilisation", () => {
  test("counts each expert's assignments", () => {
    expect(
      utilisation(
        tensor(
          [
            [0, 1],
            [0, 3],
          ],
          "int32",
        ),
        4,
      ),
    ).toEqual({
      assignments: 4,
      counts: [2, 1, 0, 1],
      shares: [0.5, 0.25, 0, 0.25],
      effective: 1 / 0.375,
      unused: [2],
    });
  });

  test("adds several steps up and leaves out cells that did not fire", () => {
    const steps = [tensor([[0], [-1]], "int32"), tensor([[-1], [1]], "int32")];
    expect(utilisation(steps, 2)).toMatchObject({ assignments: 2, counts: [1, 1], effective: 2 });
  });

  test("reports zeros when nothing was assigned", () => {
    expect(utilisation([], 2)).toEqual({
      assignments: 0,
      counts: [0, 0],
      shares: [0, 0],
      effective: 0,
      unused: [0, 1],
    });
  });

  test.prop([fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 40 })])(
    "has shares that sum to 1 and is worth between 1 and all experts",
    (chosen) => {
      const { shares, effective, unused } = utilisation(fromData(Int32Array.from(chosen)), 5);
      expect(shares.reduce((sum, share) => sum + share)).toBeCloseTo(1, 12);
      expect(effective).toBeGreaterThanOrEqual(1 - 1e-12);
      expect(effective).toBeLessThanOrEqual(5 - unused.length + 1e-12);
    },
  );

  test("refuses experts that do not exist", () => {
    expect(() => utilisation(tensor([4], "int32"), 4)).toThrow(
      "utilisation: expected experts between 0 and 3, or -1, received 4. Count with the mixture's own number of experts?",
    );
  });
});
