import { parseDigits } from "../digits/text.ts";
import { problemsOf } from "./problems.ts";
import type { Operation, Problems } from "./problems.ts";

type Pair = readonly [readonly number[], readonly number[]];

const sums: readonly string[] = [
  ...[1, 2, 3, 4, 5, 6, 7].flatMap((length) => [`${"9".repeat(length)} 1`, `1 ${"9".repeat(length)}`]),
  "9999999 9999999",
  "5555555 4444445",
  "4444444 5555556",
  "9090909 0909091",
  "1234567 8765433",
  "8999999 1000001",
  "9999998 2",
  "9876543 123457",
];

const differences: readonly string[] = [
  ...[1, 2, 3, 4, 5, 6].flatMap((zeros) => [`1${"0".repeat(zeros)} 1`, `1${"0".repeat(zeros)} ${"9".repeat(zeros)}`]),
  "6000000 5999999",
  "5555555 5555556",
  "1234567 1234568",
  "8000000 1",
  "5000000 4999999",
  "9000000 8999999",
  "2000001 2",
  "7000000 6999993",
  "9876543 9876544",
  "0 9999999",
];

/** The 22 pairs of an operation as digits, least significant first. */
export function adversarialPairs(operation: Operation): readonly Pair[] {
  return (operation === "add" ? sums : differences).map((pair) => {
    const [a, b] = pair.split(" ");
    return [parseDigits(a!), parseDigits(b!)];
  });
}

/**
 * The 22 hardest problems of up to 7 digits: carries, or borrows, that run through all places.
 *
 * @param cells width of the strip, at least 8
 * @param operation 22 sums or 22 differences
 */
export function adversarial(cells = 8, operation: Operation = "add"): Problems {
  return problemsOf(adversarialPairs(operation), cells, operation);
}

/**
 * The longest carry that a strip can hold: 99...9 + 1 with the top place free, or 0 - 1.
 *
 * @param cells width of the strip
 * @param n how many copies
 */
export function fullRipple(cells: number, n: number, operation: Operation = "add"): Problems {
  const long = Array.from({ length: cells - 1 }, () => (operation === "add" ? 9 : 0));
  return problemsOf(
    Array.from({ length: n }, () => [long, [1]] as const),
    cells,
    operation,
  );
}
