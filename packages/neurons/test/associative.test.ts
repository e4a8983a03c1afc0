import { key } from "@ganglion/tensor";
import { describe, expect, test } from "vitest";
import { AssociativeMemory, capacity, capacitySlope } from "../src/index.ts";
import type { Separation } from "../src/index.ts";

const cubic: Separation = { kind: "polynomial", order: 4 };
const sharp: Separation = { kind: "softmax", beta: 1 };
const pattern = (seed: number, units = 32): number[] =>
  Array.from({ length: units }, (_, unit) =>
    Math.imul(seed * 7919 + unit * 104_729 + 13, 0x9e3779b1) >>> 31 ? 1 : -1,
  );

describe("an associative memory", () => {
  test.each([{ kind: "polynomial", order: 2 } as const, cubic, sharp])("completes a damaged cue (%j)", (separation) => {
    const memory = new AssociativeMemory(32, separation);
    for (const seed of [1, 2, 3]) memory.store(pattern(seed));
    const cue = pattern(2).map((value, unit) => (unit % 11 === 0 ? -value : value));
    expect(memory.recall(cue)).toEqual({ state: Int8Array.from(pattern(2)), pattern: 1, steps: 2, settled: true });
  });

  test("of any separation gives the same state when patterns come in another order", () => {
    for (const separation of [cubic, sharp]) {
      const [one, other] = [new AssociativeMemory(32, separation), new AssociativeMemory(32, separation)];
      for (const seed of [1, 2, 3, 4]) one.store(pattern(seed));
      for (const seed of [4, 3, 2, 1]) other.store(pattern(seed));
      expect(other.recall(pattern(9)).state).toEqual(one.recall(pattern(9)).state);
    }
  });

  test.each<[() => unknown, string]>([
    [
      () => new AssociativeMemory(4, sharp).recall([1, 1, 1, 1]),
      "recall: expected at least one pattern, received none. Store some first?",
    ],
    [() => new AssociativeMemory(4, sharp).store([1]), "store: expected 4 values, received 1"],
    [() => new AssociativeMemory(2, sharp).store([1, 0]), "store: expected values of -1 and 1, received 0"],
    [
      () => new AssociativeMemory(0, sharp),
      "AssociativeMemory: expected units to be a whole number of at least 1, received 0",
    ],
  ])("refuses misuse (%#)", (act, message) => {
    expect(act).toThrow(expect.objectContaining({ message }));
  });
});

describe("capacity", () => {
  test("grows with the order: about one pattern per unit at order 2, several at order 4", () => {
    const sizes = [10, 20, 30, 40];
    const slope = (order: number): number => {
      const config = {
        separation: { kind: "polynomial", order },
        key: key(1),
        flipped: 0.1,
        wanted: 0.91,
        trials: 8,
      } as const;
      return capacitySlope(
        sizes,
        sizes.map((units) => capacity(units, 6 * units, config)),
      );
    };
    const [second, fourth] = [slope(2), slope(4)];
    expect(second).toBeGreaterThan(0.5);
    expect(second).toBeLessThan(2);
    expect(fourth).toBeGreaterThan(2.34);
    expect(fourth).toBeGreaterThan(2 * second);
  });

  test("of a slope is that of a straight line", () => {
    expect(capacitySlope([1, 2, 3], [5, 7, 9])).toBeCloseTo(2, 12);
  });
});
