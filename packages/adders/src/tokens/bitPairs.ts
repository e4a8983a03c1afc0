import { addDigits, fromDigits, range, requireWhole } from "./tokeniser.ts";
import type { Tokeniser } from "./tokeniser.ts";

/**
 * Binary, least significant bit first: each place of the prompt is `2 a + b` of two bits, then a state 0; the answer is as
 * many states, whose lower bits are the sum's.
 *
 * @param digits most decimal digits of an operand, from 1
 */
export function bitPairs(digits: number): Tokeniser {
  const bits = (2n * (10n ** BigInt(digits) - 1n)).toString(2).length;
  return {
    digits,
    prompt: bits + 1,
    answer: bits,
    template: Array.from({ length: 2 * bits + 1 }, (_, place) => (place === bits ? [0] : range(0, 3))),
    encode(a, b, out, at) {
      requireWhole(a, digits);
      requireWhole(b, digits);
      out.fill(0, at, at + bits + 1);
      addDigits(a, 2, bits, out, at, 1, 2);
      addDigits(b, 2, bits, out, at, 1, 1);
    },
    decode: (tokens, at) => fromDigits(digits, 2, bits, (place) => tokens[at + bits + 1 + place]! % 2),
  };
}
