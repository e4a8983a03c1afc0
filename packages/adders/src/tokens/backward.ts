import { addDigits, fromDigits, range, requireWhole } from "./tokeniser.ts";
import type { Tokeniser } from "./tokeniser.ts";

/** Where zeros stand around and between the operands. */
export interface BackwardConfig {
  /** Digits of an operand, from 1. */
  readonly digits: number;
  /** Zeros before the first operand. */
  readonly before: number;
  /** Zeros between the operands. */
  readonly between: number;
  /** Zeros after the second operand. */
  readonly after: number;
  /** Tokens that stand between and after the operands instead of zeros. */
  readonly signs?: { readonly plus: number; readonly equals: number };
}

const places = (count: number, tokens: number[]): number[][] => Array.from({ length: count }, () => tokens);

/**
 * Decimal, least significant digit first, with zeros or tokens of their own in place of signs; the answer has one digit
 * more than an operand.
 */
export function backward({ digits, before, between, after, signs }: BackwardConfig): Tokeniser {
  const second = before + digits + between;
  const prompt = second + digits + after;

  const digit = range(0, 9);
  return {
    digits,
    prompt,
    answer: digits + 1,
    template: [
      ...places(before, [0]),
      ...places(digits, digit),
      ...places(between, [signs?.plus ?? 0]),
      ...places(digits, digit),
      ...places(after, [signs?.equals ?? 0]),
      ...places(digits + 1, digit),
    ],
    encode(a, b, out, at) {
      requireWhole(a, digits);
      requireWhole(b, digits);
      out.fill(0, at, at + prompt);
      if (signs !== undefined) {
        out.fill(signs.plus, at + before + digits, at + second);
        out.fill(signs.equals, at + second + digits, at + prompt);
      }
      addDigits(a, 10, digits, out, at + before, 1, 1);
      addDigits(b, 10, digits, out, at + second, 1, 1);
    },
    decode: (tokens, at) => fromDigits(digits, 10, digits + 1, (place) => tokens[at + prompt + place]!),
  };
}
