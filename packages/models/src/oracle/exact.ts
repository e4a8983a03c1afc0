import { digitsOf, finish } from "../problems/problems.ts";
import type { Problems } from "../problems/problems.ts";
import type { Tensor } from "@ganglion/tensor";

/**
 * The true digits of each answer, by ordinary arithmetic, modulo 10 to the power of `cells`.
 *
 * Only training targets, `--check` and evaluation use it; nothing that answers a question does.
 *
 * @returns int32 `[n, cells]`, least significant first; a negative difference is its ten's complement
 */
export function exactAnswers(problems: Problems): Tensor {
  const { cells, a, b, operation } = digitsOf(problems);
  const answers = new Int32Array(a.length);
  for (let row = 0; row < operation.length; row++) {
    let carry = 0;
    for (let index = row * cells; index < (row + 1) * cells; index++) {
      const total = operation[row] === 0 ? a[index]! + b[index]! + carry : a[index]! - b[index]! + carry + 10;
      answers[index] = total % 10;
      carry = operation[row] === 0 ? Math.trunc(total / 10) : Math.trunc(total / 10) - 1;
    }
  }
  return finish({ cells, a: answers, b, operation }).a;
}

/**
 * Length of the longest chain of places through which a carry, or a borrow, travels in each problem.
 *
 * @returns `[n]`, 0 to `cells`; a carry that is born and ends in the next place has length 1
 */
export function longestCarry(problems: Problems): Int32Array {
  const { cells, a, b, operation } = digitsOf(problems);
  const longest = new Int32Array(operation.length);
  for (let row = 0; row < operation.length; row++) {
    let chain = 0;
    for (let index = row * cells; index < (row + 1) * cells; index++) {
      const adds = operation[row] === 0;
      const excess = adds ? a[index]! + b[index]! - 9 : b[index]! - a[index]!;
      const carries = excess > 0 || (excess === 0 && chain > 0);
      chain = carries ? (excess > 0 ? 1 : chain + 1) : 0;
      longest[row] = Math.max(longest[row]!, chain);
    }
  }
  return longest;
}
