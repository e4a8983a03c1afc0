import { tensor } from "@ganglion/tensor";
import { describe, expect, test } from "vitest";
import { perceive, ring, strip } from "../src/index.ts";

const state = tensor([
  [
    [1, 10],
    [2, 20],
    [3, 30],
  ],
  [
    [4, 40],
    [5, 50],
    [6, 60],
  ],
]);

describe("perceive", () => {
  test("puts left, self and right behind each other, with zeros beyond a strip's ends", () => {
    expect(perceive(strip(3), state, Int32Array.of(0, 1, 5)).toArray()).toEqual([
      [0, 0, 1, 10, 2, 20],
      [1, 10, 2, 20, 3, 30],
      [5, 50, 6, 60, 0, 0],
    ]);
  });

  test("wraps around a ring, within each state of the batch", () => {
    expect(perceive(ring(3), state, Int32Array.of(0, 3, 5)).toArray()).toEqual([
      [3, 30, 1, 10, 2, 20],
      [6, 60, 4, 40, 5, 50],
      [5, 50, 6, 60, 4, 40],
    ]);
  });

  test("is empty for no cells", () => {
    expect(perceive(ring(3), state, new Int32Array(0)).shape).toEqual([0, 6]);
  });
});
