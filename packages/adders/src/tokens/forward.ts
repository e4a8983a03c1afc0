import { addDigits, fromDigits, range, requireWhole } from "./tokeniser.ts";
import type { Tokeniser } from "./tokeniser.ts";

/** Tokens beside the ten digits. */
export const special = { equals: 10, start: 11, end: 12 } as const;

/**
 * Decimal, most significant digit first: a start token, a, the start token again for the plus, b, an equals sign; the
 * answer has one digit more than an operand.
 *
 * @param digits digits of an operand, from 1
 */
export function forward(digits: number): Tokeniser {
  const prompt = 2 * digits + 3;
  const digit = range(0, 9);
  const places = (count: number): number[][] => Array.from({ length: count }, () => digit);
  return {
    digits,
    prompt,
    answer: digits + 1,
    template: [
      [special.start],
      ...places(digits),
      [special.start],
      ...places(digits),
      [special.equals],
      ...places(digits + 1),
    ],
    encode(a, b, out, at) {
      requireWhole(a, digits);
      requireWhole(b, digits);
      out.fill(0, at, at + prompt);
      out[at] = special.start;
      out[at + digits + 1] = special.start;
      out[at + prompt - 1] = special.equals;
      addDigits(a, 10, digits, out, at + digits, -1, 1);
      addDigits(b, 10, digits, out, at + 2 * digits + 1, -1, 1);
    },
    decode: (tokens, at) => fromDigits(digits, 10, digits + 1, (place) => tokens[at + prompt + digits - place]!),
  };
}
