import { digitsOf } from "../problems/problems.ts";
import type { Problems } from "../problems/problems.ts";

/**
 * Which cells can know their digit after one more step, whatever the rule.
 *
 * News of a carry crosses one cell per firing: a cell is settled once it has fired while its right-hand neighbour in the
 * decimal notation (the next lower place) either decides its carry alone (its two digits do not make 9, or are not equal
 * in a difference) or was settled before. No rule can be right, except by luck, where this says no.
 *
 * @param problems `[n, cells]`
 * @param fired who fires in this step, `[n * cells]`, 0 or 1
 * @param before what the last step settled, `[n * cells]`; nothing at the start
 * @returns who is settled after the step, `[n * cells]`, 0 or 1
 */
export function settledCells(problems: Problems, fired: Uint8Array, before?: Uint8Array): Uint8Array {
  const { cells, a, b, operation } = digitsOf(problems);
  const settled = new Uint8Array(a.length);
  for (let row = 0; row < operation.length; row++) {
    // a place that passes on whatever it receives: digits that make 9, or equal ones in a difference
    const passes = (index: number): boolean => {
      const x = a[index]!;
      const y = b[index]!;
      return operation[row] === 0 ? x + y === 9 : x === y;
    };
    const first = row * cells;
    for (let index = first; index < first + cells; index++) {
      const known = index === first || !passes(index - 1) || before?.[index - 1] === 1;
      settled[index] = before?.[index] === 1 || (fired[index] === 1 && known) ? 1 : 0;
    }
  }
  return settled;
}

/** Which problems are settled in every cell. @returns `[n]`, 0 or 1 */
export function settledProblems(settled: Uint8Array, cells: number): Uint8Array {
  const result = new Uint8Array(settled.length / cells).fill(1);
  for (let index = 0; index < settled.length; index++) {
    if (settled[index] === 0) result[Math.trunc(index / cells)] = 0;
  }
  return result;
}
