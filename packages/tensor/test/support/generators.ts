/** Random shapes, broadcasts and domains for the table of operations. */
import { indicesOf, type NdArray, sizeOf } from "./array.ts";
import type { Random } from "./random.ts";

/** Where inputs come from. */
export interface Domain {
  readonly min: number;
  readonly max: number;
  /** Points at which the function has no derivative: gradient cases stay at least .05 away. */
  readonly kinks?: readonly number[];
}

/** A draw for values may meet ties, kinks and empty tensors; one for gradients may not. */
export type Purpose = "value" | "gradient";

export function shape(random: Random, minRank = 0, maxRank = 4, minLength = 1): number[] {
  const rank = random.integer(minRank, maxRank);
  // now and then one long axis with an odd tail
  if (rank > 0 && random.chance(0.1)) {
    const lengths = random.list(rank, () => minLength);
    lengths[random.integer(0, rank - 1)] = random.integer(5, 19);
    return lengths;
  }
  const lengths: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const room = Math.floor(32 / Math.max(1, sizeOf(lengths)));
    lengths.push(random.integer(minLength, Math.max(minLength, Math.min(4, room))));
  }
  return lengths;
}

/** Shapes that broadcast together to the first argument. */
export function broadcastable(random: Random, full: readonly number[], count: number): number[][] {
  const shapes = random.list(count, () => {
    if (random.chance(0.4)) return [...full];
    const kept = full.slice(random.integer(0, full.length));
    return kept.map((length) => (random.chance(0.3) ? 1 : length));
  });
  return shapes;
}

export function floats(random: Random, of: readonly number[], domain: Domain, purpose: Purpose): NdArray {
  const draw = (): number => {
    for (;;) {
      const value = random.real(domain.min, domain.max);
      const near = (domain.kinks ?? []).some((kink) => Math.abs(value - kink) < 0.05);
      if (purpose === "value" || !near) return value;
    }
  };
  return { shape: of, data: random.list(sizeOf(of), draw) };
}

/**
 * Values without ties: shuffled multiples of 1/4, shifted by less than 1/16 each; `phase` 0 and 1 never meet.
 * Keeps `maximum`, `max`, `sort` and `topK` away from their kinks.
 */
export function distinct(random: Random, of: readonly number[], phase: 0 | 1 = 0): NdArray {
  const size = sizeOf(of);
  const ranks = random.shuffled(random.list(Math.max(size, 8), (index) => index)).slice(0, size);
  const data = ranks.map((rank) => (rank - Math.floor(size / 2)) / 4 + phase / 8 + random.real(0, 1 / 20));
  return { shape: of, data };
}

export function integers(random: Random, of: readonly number[], min: number, max: number): NdArray {
  return { shape: of, data: random.list(sizeOf(of), () => random.integer(min, max)), dtype: "int32" };
}

export function booleans(random: Random, of: readonly number[]): NdArray {
  return { shape: of, data: random.list(sizeOf(of), () => random.integer(0, 1)), dtype: "uint8" };
}

/** An axis of a tensor of that rank, counted from either end. */
export function axis(random: Random, rank: number): number {
  const positive = random.integer(0, rank - 1);
  return random.chance(0.5) ? positive : positive - rank;
}

/** Attributes of a reduction: all axes, one, or several. */
export function reductionAxes(
  random: Random,
  rank: number,
): { readonly axis?: number | readonly number[]; readonly keepAxis?: boolean } {
  const keepAxis = random.chance(0.5);
  if (rank === 0 || random.chance(0.25)) return keepAxis ? { keepAxis } : {};
  if (random.chance(0.5)) return { axis: axis(random, rank), keepAxis };
  const axes = indicesOf([rank]).map(([each]) => each as number);
  const chosen = random.shuffled(axes).slice(0, random.integer(1, rank));
  return { axis: chosen.map((each) => (random.chance(0.5) ? each : each - rank)), keepAxis };
}
