import type { Draft } from "./problems.ts";
import { adversarialPairs } from "./adversarial.ts";

/** One problem in this many is held out: never trained on, and all that evaluation draws. */
export const RESERVED_ONE_IN = 8;

/**
 * Tells whether a problem is held out.
 *
 * The verdict depends on the unordered pair of digits at each place, and neither on the operation nor on leading zeros:
 * a rule that cannot tell 12 + 34 from 14 + 32 must not meet one in training and the other in the test.
 * The adversarial carries are held out too.
 *
 * @param problems digits
 * @param row index of the problem
 */
export function isReserved(problems: Draft, row: number): boolean {
  const hash = fingerprint(problems, row);
  return hash % RESERVED_ONE_IN === 0 || adversarialFingerprints().has(hash);
}

/** 32-bit hash of the unordered digit pairs up to the highest pair that is not 0 and 0. */
function fingerprint({ cells, a, b }: Draft, row: number): number {
  let top = cells - 1;
  while (top > 0 && a[row * cells + top] === 0 && b[row * cells + top] === 0) top--;
  let hash = 0x811c9dc5;
  for (let cell = 0; cell <= top; cell++) {
    const x = a[row * cells + cell]!;
    const y = b[row * cells + cell]!;
    hash = Math.imul(hash ^ (Math.min(x, y) * 10 + Math.max(x, y) + 1), 0x01000193);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

let known: ReadonlySet<number> | undefined;

function adversarialFingerprints(): ReadonlySet<number> {
  known ??= new Set(
    [...adversarialPairs("add"), ...adversarialPairs("sub")].map(([a, b]) => {
      const cells = Math.max(a.length, b.length);
      const pad = (digits: readonly number[]): Int32Array =>
        Int32Array.from({ length: cells }, (_, cell) => digits[cell] ?? 0);
      return fingerprint({ cells, a: pad(a), b: pad(b), operation: new Int32Array(1) }, 0);
    }),
  );
  return known;
}
