import { randomBits } from "@ganglion/kernels";
import { foldIn } from "@ganglion/tensor";
import type { Key } from "@ganglion/tensor";
import { checkCount, checkRange } from "../check.ts";
import { AssociativeMemory } from "./associative.ts";
import type { Separation } from "./associative.ts";

/** How capacity is measured. */
export interface CapacityConfig {
  readonly separation: Separation;
  readonly key: Key;
  /** Share of a cue's units that are flipped, in [0, 0.5]. Default 0. */
  readonly flipped?: number;
  /** Share of units that must come back right on average, in [0.5, 1]. Default 0.98. */
  readonly wanted?: number;
  /** Memories per count of patterns. Default 10. */
  readonly trials?: number;
  /** Steps of a recall. Default 1. */
  readonly steps?: number;
}

/**
 * The most random patterns of which a memory of so many units still gives back the wanted share of units.
 *
 * Counts are doubled until one fails and then halved in between, so the edge is found where the share falls steadily.
 * A memory is asked for at most 24 of its patterns.
 *
 * @param most largest count that is tried
 * @returns count in [0, most]
 */
export function capacity(units: number, most: number, config: CapacityConfig): number {
  const { flipped = 0, wanted = 0.98, trials = 10 } = config;
  checkCount("capacity", "most", most);
  checkRange("capacity", "flipped", flipped, 0, 0.5);
  checkRange("capacity", "wanted", wanted, 0.5, 1);
  checkCount("capacity", "trials", trials);
  const fits = (count: number): boolean => accuracy(units, count, config) >= wanted;
  let low = 0;
  let high = 1;
  while (high <= most && fits(high)) [low, high] = [high, 2 * high];
  high = Math.min(high, most + 1);
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** Slope of the straight line through capacities at some sizes: patterns per unit. */
export function capacitySlope(sizes: readonly number[], capacities: readonly number[]): number {
  const [x, y] = [mean(sizes), mean(capacities)];
  const covariance = mean(sizes.map((size, i) => (size - x) * (capacities[i]! - y)));
  return covariance / mean(sizes.map((size) => (size - x) * (size - x)));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Mean share of units that come back right. */
function accuracy(
  units: number,
  count: number,
  { separation, key, flipped = 0, trials = 10, steps = 1 }: CapacityConfig,
): number {
  let right = 0;
  let asked = 0;
  for (let trial = 0; trial < trials; trial++) {
    const seed = foldIn(foldIn(foldIn(key, units), count), trial);
    const memory = new AssociativeMemory(units, separation);
    const words = new Uint32Array(2 * count * units);
    randomBits(seed.low, seed.high, 0, words);
    const patterns = Array.from({ length: count }, (_, index) =>
      Int8Array.from({ length: units }, (_, unit) => (words[index * units + unit]! & 1 ? 1 : -1)),
    );
    for (const pattern of patterns) memory.store(pattern);
    for (const [index, pattern] of patterns.slice(0, 24).entries()) {
      const noise = words.subarray((count + index) * units);
      const cue = pattern.map((value, unit) => (noise[unit]! / 2 ** 32 < flipped ? -value : value));
      const { state } = memory.recall(cue, steps);
      right += state.reduce((sum, value, unit) => sum + (value === pattern[unit] ? 1 : 0), 0) / units;
      asked++;
    }
  }
  return right / asked;
}
