import { foldIn, key, randomInt } from "@ganglion/tensor";
import type { Key } from "@ganglion/tensor";
import { mixture } from "./mixture.ts";
import { copyRow, draft, finish, operations } from "./problems.ts";
import type { Draft, Operation, Problems } from "./problems.ts";
import { isReserved, RESERVED_ONE_IN } from "./reserved.ts";

/** What is drawn for an evaluation. */
export interface HeldOutConfig {
  /** Width of the strip. Default 8. */
  readonly cells?: number;
  /** Places that are drawn, each digit uniform in 0 to 9. Default `cells - 1`. */
  readonly digits?: number;
  /** One operation for all. Default "add". */
  readonly operation?: Operation;
}

const HELD_OUT = 0x686f;
const CARRY_HEAVY = 0x6368;

/**
 * Draws held-out problems; training never meets any of them, nor the same digit pairs the other way round.
 *
 * @param seed of the draw
 * @param n how many; short problems repeat, because there are few of them
 */
export function heldOut(seed: number, n: number, config: HeldOutConfig = {}): Problems {
  const { cells = 8, digits = cells - 1, operation = "add" } = config;
  return collect(foldIn(key(seed), HELD_OUT), n, cells, operation, (drawKey, count) => {
    const result = draft(count, cells);
    const a = randomInt(foldIn(drawKey, 0), [count, digits], 0, 10).data;
    const b = randomInt(foldIn(drawKey, 1), [count, digits], 0, 10).data;
    for (let row = 0; row < count; row++) {
      for (let place = 0; place < digits; place++) {
        result.a[row * cells + place] = a[row * digits + place]!;
        result.b[row * cells + place] = b[row * digits + place]!;
      }
    }
    return result;
  });
}

/**
 * Draws held-out problems full of long carries: in half of them each place passes its carry on with probability .7.
 *
 * @param seed of the draw
 * @param n how many
 */
export function carryHeavy(seed: number, n: number, config: HeldOutConfig = {}): Problems {
  const { cells = 8, digits = cells - 1, operation = "add" } = config;
  const settings = { cells, digits, carryShare: 0.5, passOn: 0.7, shortShare: 0, operations: [operation] };
  return collect(foldIn(key(seed), CARRY_HEAVY), n, cells, operation, (drawKey, count) =>
    mixture(drawKey, count, settings),
  );
}

/** Draws until n held-out problems are found. */
function collect(
  root: Key,
  n: number,
  cells: number,
  operation: Operation,
  draw: (key: Key, count: number) => Draft,
): Problems {
  const result = draft(n, cells);
  let found = 0;
  for (let attempt = 0; found < n; attempt++) {
    const count = Math.ceil((n - found) * RESERVED_ONE_IN * 1.1) + 16;
    const drawn = draw(foldIn(root, attempt), count);
    for (let row = 0; row < count && found < n; row++) {
      if (isReserved(drawn, row)) copyRow(drawn, row, result, found++);
    }
  }
  result.operation.fill(operations.indexOf(operation));
  return finish(result);
}
