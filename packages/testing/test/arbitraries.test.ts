import { test } from "@fast-check/vitest";
import fc from "fast-check";
import { describe, expect } from "vitest";
import { arbitraries, type Tree } from "../src/index.ts";

const size = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);
/** Many values of an arbitrary, the same ones in every run. */
const many = <T>(arbitrary: fc.Arbitrary<T>): T[] => fc.sample(arbitrary, { numRuns: 2000, seed: 1 });
/** Elements between two bounds, edges included. */
const edgy = (min: number, max: number): number[] =>
  many(arbitraries.tensorLike({ shape: [8], min, max, includeEdges: true })).flatMap(({ data }) => [...data]);
/** Whether a side is shorter than the result along an axis that both have. */
const stretches = (side: readonly number[], result: readonly number[]): boolean =>
  side.some((length, axis) => length < result[axis + result.length - side.length]!);
const bounds = { minRank: 1, maxRank: 3, minLength: 0, maxLength: 4 };

describe("arbitraries.shape", () => {
  test.prop([arbitraries.shape(bounds)])("stays within its bounds", (shape) => {
    expect(shape.length).toBeGreaterThanOrEqual(1);
    expect(shape.length).toBeLessThanOrEqual(3);
    expect(shape.every((length) => Number.isInteger(length) && length >= 0 && length <= 4)).toBe(true);
  });

  test("reaches every rank and length, scalars included", () => {
    expect(new Set(many(arbitraries.shape()).map(({ length }) => length))).toEqual(new Set([0, 1, 2, 3, 4]));
    expect(new Set(many(arbitraries.shape(bounds)).flat())).toEqual(new Set([0, 1, 2, 3, 4]));
  });
});

describe("arbitraries.tensorLike", () => {
  test.prop([arbitraries.tensorLike({ shape: arbitraries.shape(bounds), min: -2, max: 3, includeEdges: true })])(
    "has as many elements as its shape, all within the bounds",
    ({ shape, data }) => {
      expect(data).toHaveLength(size(shape));
      expect(data.every((value) => value >= -2 && value <= 3)).toBe(true);
    },
  );

  test.prop([arbitraries.tensorLike({ shape: [2, 3] })])("takes a fixed shape", ({ shape, data }) => {
    expect(shape).toEqual([2, 3]);
    expect(data).toHaveLength(6);
  });

  test("mixes in the edges that lie within the bounds", () => {
    const all = edgy(-Number.MAX_VALUE, Number.MAX_VALUE);
    for (const edge of [-0, 0, 5e-324, 2 ** -149, -(2 ** -126), 2 ** 24 + 1, Number.MAX_VALUE, -Number.MAX_VALUE]) {
      expect(all.some((value) => Object.is(value, edge))).toBe(true);
    }
    const narrow = edgy(0.5, 1.5);
    expect(narrow).toContain(0.5);
    expect(narrow).toContain(1.5);
    expect(narrow.every((value) => value >= 0.5 && value <= 1.5)).toBe(true);
  });
});

describe("arbitraries.broadcastPair", () => {
  test.prop([arbitraries.broadcastPair({ maxRank: 3, maxLength: 5 })])(
    "broadcasts by numpy's rule",
    ({ left, right, result }) => {
      expect(result).toHaveLength(Math.max(left.length, right.length));
      expect(result.length).toBeLessThanOrEqual(3);
      for (const side of [left, right]) {
        const offset = result.length - side.length;
        expect(side.every((length, axis) => length === 1 || length === result[axis + offset])).toBe(true);
      }
      const longest = result.map((_, axis) =>
        Math.max(left.at(axis - result.length) ?? 1, right.at(axis - result.length) ?? 1),
      );
      expect(result).toEqual(longest);
    },
  );

  test("reaches stretching on either side, on both at once, and missing axes", () => {
    const pairs = many(arbitraries.broadcastPair());
    expect(pairs.some(({ left, right, result }) => stretches(left, result) && stretches(right, result))).toBe(true);
    expect(pairs.some(({ left, right }) => left.length < right.length)).toBe(true);
    expect(pairs.some(({ left, right }) => left.length > right.length)).toBe(true);
    expect(pairs.some(({ left, right }) => left.length > 0 && left.join() === right.join())).toBe(true);
  });
});

describe("arbitraries.tree", () => {
  const trees = arbitraries.tree(fc.nat(9));
  const depth = (tree: Tree<number>): number =>
    typeof tree === "number" ? 0 : 1 + Math.max(0, ...Object.values(tree).map(depth));

  test.prop([trees])("has nothing but leaves, lists and plain records", (tree) => {
    const sound = (node: unknown): boolean => {
      if (typeof node === "number") return true;
      if (Array.isArray(node)) return node.every(sound);
      return Object.getPrototypeOf(node) === Object.prototype && Object.values(node as object).every(sound);
    };
    expect(sound(tree)).toBe(true);
  });

  test("reaches bare leaves, empty branches and three levels", () => {
    const drawn = many(trees);
    expect(new Set(drawn.map(depth))).toEqual(new Set([0, 1, 2, 3]));
    expect(drawn).toContainEqual([]);
    expect(drawn).toContainEqual({});
    expect(drawn.some((tree) => typeof tree === "object" && "a/b" in tree)).toBe(true);
  });
});

describe("arbitraries.mutatedBytes", () => {
  const original = Uint8Array.from({ length: 40 }, (_, index) => index);

  test.prop([fc.uint8Array({ maxLength: 50 }), fc.gen()])(
    "never equals the original, which stays as it was",
    (bytes, gen) => {
      const before = bytes.slice();
      expect(gen(() => arbitraries.mutatedBytes(bytes))).not.toEqual(before);
      expect(bytes).toEqual(before);
    },
  );

  test("reaches single flips, truncation to any length, growth and damage in either half", () => {
    const mutants = many(arbitraries.mutatedBytes(original));
    const differing = (bytes: Uint8Array): number[] => [...bytes.keys()].filter((i) => bytes[i] !== original[i]);
    const sameLength = mutants.filter(({ length }) => length === 40).map(differing);
    expect(new Set(sameLength.filter(({ length }) => length === 1).flat())).toEqual(new Set(original.keys()));
    const truncated = mutants.filter((bytes) => bytes.length < 40 && differing(bytes).length === 0);
    expect(new Set(truncated.map(({ length }) => length))).toEqual(new Set(original.keys()));
    expect(mutants.some(({ length }) => length > 60)).toBe(true);
    expect(sameLength.some(({ length }) => length > 8)).toBe(true);
  });
});

describe("arbitraries.digits", () => {
  test.prop([fc.integer({ min: 1, max: 30 }), fc.gen()])("has exactly as many digits as asked for", (length, gen) => {
    expect(gen(() => arbitraries.digits(length))).toMatch(new RegExp(`^[0-9]{${length}}$`));
  });

  test("reaches the longest carry, zero and every digit in every place", () => {
    const drawn = many(arbitraries.digits(4));
    expect(drawn).toContain("9999");
    expect(drawn).toContain("0000");
    for (let place = 0; place < 4; place++) expect(new Set(drawn.map((text) => text[place])).size).toBe(10);
  });

  test("of length 0 is the empty text", () => {
    expect(many(arbitraries.digits(0)).every((text) => text === "")).toBe(true);
  });
});
