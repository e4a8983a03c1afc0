import { mersenneTwister } from "../protocol/mersenne.ts";
import type { Pair } from "../protocol/cases.ts";

const LARGEST = 9_999_999_999;

/**
 * Pairs whose sums lie on either side of every multiple of every power of ten, near it and less near, under several
 * leading digits, and divided evenly and unevenly.
 *
 * @returns about fifty thousand pairs, always the same
 */
export function boundaryCases(): Pair[] {
  const random = generator(10n);
  const distances = [-500, -61, -60, -5, -2, -1, 0, 1, 2, 4, 24, 49, 249, 499];
  const pairs: Pair[] = [];
  for (let exponent = 0; exponent <= 10; exponent++) {
    const power = 10 ** exponent;
    for (let digit = 1; digit <= 9; digit++) {
      for (let prefix = 0; prefix < 13; prefix++) {
        const above = 10 * power * (prefix === 0 ? 0 : Math.floor(random() * (2e10 / (10 * power))));
        for (const distance of distances) {
          const sum = above + digit * power + distance;
          if (sum < 0 || sum > 2 * LARGEST) continue;
          for (const pair of splits(sum, random)) pairs.push(pair);
        }
      }
    }
  }
  return pairs;
}

/**
 * Pairs by the length of their longest run of carries.
 *
 * @param each pairs per length, from 1
 * @returns one list per length, 0 to 10
 */
export function carryCases(each: number): Pair[][] {
  const random = generator(11n);
  const digit = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1));
  return Array.from({ length: 11 }, (_, run) =>
    Array.from({ length: each }, () => {
      const start = digit(0, 10 - run);
      let [a, b] = [0, 0];
      for (let place = 0; place < 10; place++) {
        const inRun = run > 0 && place >= start && place < start + run;
        const first = digit(0, 9);
        const second = !inRun
          ? digit(0, 8 - Math.min(first, 8))
          : place === start
            ? digit(10 - Math.max(first, 1), 9)
            : 9 - first;
        a += (inRun && place === start ? Math.max(first, 1) : !inRun ? Math.min(first, 8) : first) * 10 ** place;
        b += second * 10 ** place;
      }
      return [a, b] as const;
    }),
  );
}

/** Half and half, nothing and all, and one cut at random. */
function splits(sum: number, random: () => number): Pair[] {
  const low = Math.max(0, sum - LARGEST);
  const high = Math.min(LARGEST, sum);
  const middle = Math.floor(sum / 2);
  const anywhere = low + Math.floor(random() * (high - low + 1));
  return [
    [middle, sum - middle],
    [low, sum - low],
    [anywhere, sum - anywhere],
  ];
}

/** Fractions in [0, 1) that are always the same. */
function generator(seed: bigint): () => number {
  const word = mersenneTwister(seed);
  return () => ((word() >>> 5) * 2 ** 26 + (word() >>> 6)) / 2 ** 53;
}
