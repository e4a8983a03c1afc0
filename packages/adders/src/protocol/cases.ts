import { mersenneTwister } from "./mersenne.ts";

/** Two operands of at most ten digits. */
export type Pair = readonly [a: number, b: number];

const LIMIT = 10_000_000_000;

/** The ten edge cases of the public protocol, in its order. */
export const edgeCases: readonly Pair[] = [
  [0, 0],
  [0, 1],
  [9_999_999_999, 0],
  [9_999_999_999, 1],
  [9_999_999_999, 9_999_999_999],
  [5_000_000_000, 5_000_000_000],
  [1_111_111_111, 8_888_888_889],
  [1_234_567_890, 9_876_543_210],
  [9_999_999_999, 9_999_999_999],
  [1, 9_999_999_999],
];

/**
 * The random pairs of the public protocol, as Python's `randint(0, 9999999999)` draws them.
 *
 * @param n number of pairs, from 0
 * @param seed whole number from 0; the protocol's is 2025
 */
export function randomCases(n = 10_000, seed = 2025n): Pair[] {
  const word = mersenneTwister(seed);
  const draw = (): number => {
    for (;;) {
      const low = word();
      const value = (word() >>> 30) * 2 ** 32 + low;
      if (value < LIMIT) return value;
    }
  };
  return Array.from({ length: n }, () => [draw(), draw()] as const);
}

/** SHA-256 of the lines `a,b`, as 64 hexadecimal digits. */
export async function hashOfCases(cases: readonly Pair[]): Promise<string> {
  const text = cases.map(([a, b]) => `${a},${b}\n`).join("");
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Hashes of the protocol's cases with seed 2025 and 10,000 pairs. */
export const knownHashes = {
  random: "6a86109cb0ad998c03c17b559ffedfaa5b40f09be92d22a01304048d9e79f25a",
  withEdges: "50b75a3b2bf60d86e6af290bc5e4ebb6d850f96c13b424b82282a47192e5a106",
} as const;
