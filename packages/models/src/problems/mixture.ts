import { foldIn, randomInt, split, uniform } from "@ganglion/tensor";
import type { Key } from "@ganglion/tensor";
import { copyRow, digitsOf, draft, finish, operations } from "./problems.ts";
import type { Draft, Operation, Problems } from "./problems.ts";
import { isReserved } from "./reserved.ts";

/** Which problems are drawn, and how hard they are. */
export interface MixtureConfig {
  /** Width of the strip. */
  readonly cells: number;
  /** Operations, drawn in equal shares. Default sums only. */
  readonly operations?: readonly Operation[];
  /** Longest operand. Default `cells - 1`, which leaves the top cell to the last carry. */
  readonly digits?: number;
  /** Share of problems with forced carries, in [0, 1]. Default .35. */
  readonly carryShare?: number;
  /** Probability with which each place of such a problem passes its carry on, in [0, 1]. Default .6. */
  readonly passOn?: number;
  /** Share of problems whose length is uniform in 1 to `digits`, in [0, 1]. Default .3. */
  readonly shortShare?: number;
}

/** Keys of training and of evaluation live in different domains, whatever seed they start from. */
const TRAINING = 0x7472;

/**
 * Draws problems to train on; none of them is held out.
 *
 * @param key randomness
 * @param n how many
 * @returns `[n, cells]` digits
 */
export function trainingProblems(key: Key, n: number, config: MixtureConfig): Problems {
  const root = foldIn(key, TRAINING);
  const result = draft(n, config.cells);
  let pending = Array.from({ length: n }, (_, row) => row);
  for (let attempt = 0; pending.length > 0; attempt++) {
    const drawn = mixture(foldIn(root, attempt), pending.length, config);
    pending = pending.filter((row, index) => {
      if (isReserved(drawn, index)) return true;
      copyRow(drawn, index, result, row);
      return false;
    });
  }
  return finish(result);
}

/**
 * Replaces a random part of the digits of each problem, as a user would who edits the operands while the cells run.
 *
 * @param key randomness
 * @param problems `[n, cells]`; left untouched
 * @returns problems of the same operations, none of them held out
 */
export function mutateProblems(key: Key, problems: Problems, config: MixtureConfig): Problems {
  const [freshKey, shareKey, cellKey] = split(key, 3) as [Key, Key, Key];
  const old = digitsOf(problems);
  const n = old.operation.length;
  const { cells } = old;
  const fresh = digitsOf(trainingProblems(freshKey, n, config));
  const choice = randomInt(shareKey, [n], 0, 3).data;
  const draws = uniform(cellKey, [n, cells]).data;
  const shares = [0.15, 0.5, 1];
  const result = draft(n, cells);
  for (let row = 0; row < n; row++) {
    for (let index = row * cells; index < (row + 1) * cells; index++) {
      const from = draws[index]! < shares[choice[row]!]! ? fresh : old;
      result.a[index] = from.a[index]!;
      result.b[index] = from.b[index]!;
    }
    if (isReserved(result, row)) copyRow(fresh, row, result, row);
    result.operation[row] = old.operation[row]!;
  }
  return finish(result);
}

/** Draws problems of the mixture, held out or not. */
export function mixture(key: Key, n: number, config: MixtureConfig): Draft {
  const {
    cells,
    operations: drawn = ["add"],
    digits = cells - 1,
    carryShare = 0.35,
    passOn = 0.6,
    shortShare = 0.3,
  } = config;
  const keys = split(key, 7) as [Key, Key, Key, Key, Key, Key, Key];
  const a = randomInt(keys[0], [n, cells], 0, 10).data;
  const b = randomInt(keys[1], [n, cells], 0, 10).data;
  const carry = uniform(keys[2], [n]).data;
  const pass = uniform(keys[3], [n, cells]).data;
  const short = uniform(keys[4], [n]).data;
  const lengths = randomInt(keys[5], [n], 1, digits + 1).data;
  const operation = randomInt(keys[6], [n], 0, drawn.length).data;
  const result = draft(n, cells);
  for (let row = 0; row < n; row++) {
    const length = short[row]! < shortShare ? lengths[row]! : digits;
    const kind = drawn[operation[row]!]!;
    result.operation[row] = operations.indexOf(kind);
    for (let index = row * cells; index < row * cells + length; index++) {
      const forced = carry[row]! < carryShare && pass[index]! < passOn;
      result.a[index] = a[index]!;
      result.b[index] = forced ? passing(a[index]!, kind) : b[index]!;
    }
  }
  return result;
}

/** The second digit with which a place passes on whatever carry, or borrow, it receives. */
function passing(digit: number, operation: Operation): number {
  return operation === "add" ? 9 - digit : digit;
}
