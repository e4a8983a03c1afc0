import { OperandError } from "./errors.ts";

/**
 * Reads a decimal number of any length as digits, least significant first.
 *
 * @param text one or more of the characters 0 to 9; leading zeros are dropped
 * @param operation named in the error
 * @returns at least one digit, each in 0 to 9
 * @throws OperandError for an empty text, a sign, or any character but 0 to 9
 */
export function parseDigits(text: string, operation = "parseDigits"): number[] {
  const trimmed = text.trim();
  if (trimmed === "") throw new OperandError(operation, text, "a whole number", "Write 0?");
  if (/^[-−]\s*\d+$/u.test(trimmed)) {
    throw new OperandError(operation, text, "a number of at least 0", "Leave out the sign?");
  }
  const stranger = /[^0-9]/u.exec(trimmed)?.[0];
  if (stranger !== undefined) {
    throw new OperandError(operation, text, "decimal digits only", `Remove ${JSON.stringify(stranger)}?`);
  }
  return Array.from(trimmed.replace(/^0+(?=\d)/u, ""), Number).toReversed();
}

/**
 * Writes digits, least significant first, as a decimal number without leading zeros.
 *
 * @param digits each in 0 to 9
 */
export function formatDigits(digits: ArrayLike<number>): string {
  return Array.from(digits)
    .toReversed()
    .join("")
    .replace(/^0+(?=\d)/u, "");
}
