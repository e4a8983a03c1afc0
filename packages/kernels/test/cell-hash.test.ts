import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { cellHash, cellMask, cellMaskReference } from "../src/index.ts";

const n = 1 << 18;
/** Deviation of a count from its binomial mean, in standard deviations. */
const z = (count: number, p: number): number => (count - n * p) / Math.sqrt(n * p * (1 - p));
const fires = (seed: number, index: number, p: number): boolean => cellHash(seed, index) < p * 2 ** 32;
const count = (condition: (i: number) => boolean): number => {
  let total = 0;
  for (let i = 0; i < n; i++) if (condition(i)) total++;
  return total;
};

describe("cellHash", () => {
  test("gives fixed unsigned words", () => {
    expect([cellHash(0, 0), cellHash(0, 1), cellHash(1, 0), cellHash(-1, 0xffffffff)]).toEqual([
      3730384778, 3153472303, 926190233, 256977554,
    ]);
    expect(cellHash(-1, -1)).toBe(cellHash(0xffffffff, 0xffffffff));
  });

  test.each([0.1, 0.5, 0.9])("fires at rate %d, whatever the seed", (p) => {
    for (const seed of [0, 1, 2, 3, 1000, 0x80000000, 0xffffffff])
      expect(
        Math.abs(
          z(
            count((i) => fires(seed, i, p)),
            p,
          ),
        ),
      ).toBeLessThan(4.5);
  });

  // seed counts steps, index counts cells: 256 cells, 1,024 steps
  test.each([
    [0, 1],
    [0, 2],
    [0, 8],
    [0, 64],
    [1, 0],
    [1, 1],
    [1, -1],
    [2, 0],
    [256, 0],
    [65536, 0],
    [0, 65536],
  ])("is independent of the cell %d steps and %d cells away", (steps, cells) => {
    for (const p of [0.25, 0.5]) {
      const both = count((i) => fires(i >> 8, i & 255, p) && fires((i >> 8) + steps, (i & 255) + cells, p));
      expect(Math.abs(z(both, p * p))).toBeLessThan(4.5);
    }
  });

  test("changes half of the bits when one bit of seed or index changes", () => {
    const trials = 2000;
    for (let bit = 0; bit < 64; bit++) {
      let changed = 0;
      for (let i = 0; i < trials; i++) {
        const [seed, index] = [i * 7, i * 13 + 5];
        const flipped = bit < 32 ? cellHash(seed ^ (1 << bit), index) : cellHash(seed, index ^ (1 << (bit - 32)));
        for (let word = cellHash(seed, index) ^ flipped; word !== 0; word &= word - 1) changed++;
      }
      expect(Math.abs(changed - 16 * trials)).toBeLessThan(5 * Math.sqrt(8 * trials));
    }
  });

  test("repeats no word within a seed", () => {
    const seen = new Set<number>();
    for (let i = 0; i < 100_000; i++) seen.add(cellHash(42, i));
    expect(seen.size).toBe(100_000);
  });

  test("does not give one seed the words of another in a different order", () => {
    // with a hash of seed ^ index, seeds that differ in low bits only would share every word
    const words = new Set<number>();
    for (let i = 0; i < 4096; i++) words.add(cellHash(1, i));
    for (let seed = 2; seed < 100; seed++) {
      let shared = 0;
      for (let i = 0; i < 4096; i++) if (words.has(cellHash(seed, i))) shared++;
      expect(shared).toBeLessThan(4);
    }
  });
});

describe("cellMask", () => {
  const word = fc.integer({ min: -(2 ** 31), max: 2 ** 32 - 1 });
  const share = fc.oneof(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.constantFrom(0, 1, 2 ** -32, 1 - 2 ** -32, 0.5),
  );

  property.prop([word, word, share, fc.nat(200)], { numRuns: 10_000 })(
    "draws the bytes of the reference",
    (seed, first, p, count) => {
      const [plain, fast] = [new Uint8Array(count), new Uint8Array(count)];
      cellMaskReference(seed, first, p, plain);
      cellMask(seed, first, p, fast);
      expect(fast).toEqual(plain);
    },
  );

  test("draws a long mask like its parts", () => {
    const whole = new Uint8Array(200_001);
    cellMask(7, 5, 0.3, whole);
    const part = new Uint8Array(100);
    cellMask(7, 5 + 150_000, 0.3, part);
    expect(whole.subarray(150_000, 150_100)).toEqual(part);
    expect(Math.abs(whole.reduce((sum, fires) => sum + fires, 0) / whole.length - 0.3)).toBeLessThan(0.005);
  });
});
