import { describe, expect, test } from "vitest";
import { ring, strip } from "../src/index.ts";

const rows = (neighbours: Int32Array): number[][] =>
  Array.from({ length: neighbours.length / 3 }, (_, cell) => [...neighbours.subarray(cell * 3, cell * 3 + 3)]);

describe("strip", () => {
  test("sees left, self and right, and a border at both ends", () => {
    expect(strip(3)).toMatchObject({ kind: "strip", cells: 3, neighbourhood: 3 });
    expect(rows(strip(3).neighbours)).toEqual([
      [-1, 0, 1],
      [0, 1, 2],
      [1, 2, -1],
    ]);
    expect(rows(strip(1).neighbours)).toEqual([[-1, 0, -1]]);
  });

  test("refuses what is not a count", () => {
    const message = "strip: expected cells to be a whole number of at least 1, received 0. Give cells as a count?";
    expect(() => strip(0)).toThrow(expect.objectContaining({ name: "ConfigError", message }));
  });
});

describe("ring", () => {
  test("joins its ends", () => {
    expect(ring(3)).toMatchObject({ kind: "ring", cells: 3, neighbourhood: 3 });
    expect(rows(ring(3).neighbours)).toEqual([
      [2, 0, 1],
      [0, 1, 2],
      [1, 2, 0],
    ]);
    expect(rows(ring(2).neighbours)).toEqual([
      [1, 0, 1],
      [0, 1, 0],
    ]);
    expect(rows(ring(1).neighbours)).toEqual([[0, 0, 0]]);
  });

  test("refuses what is not a count", () => {
    const message = "ring: expected cells to be a whole number of at least 1, received 1.5. Give cells as a count?";
    expect(() => ring(1.5)).toThrow(expect.objectContaining({ name: "ConfigError", message }));
  });
});
