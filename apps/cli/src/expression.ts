import type { Operation } from "@ganglion/models";
import { UsageError } from "./errors.ts";

/** Two operands as they were typed. */
export type Operands = readonly [a: string, b: string];

/**
 * Finds the two operands of `1 2`, `1 + 2`, `1+2` or `"1 + 2"`.
 *
 * @param words operands of the command line
 * @throws UsageError when there are not two
 */
export function operandsOf(operation: Operation, words: readonly string[]): Operands {
  const sign = operation === "add" ? "+" : "-";
  const [a, b] = words.map((word) => word.replaceAll("−", "-"));
  const apart = (word: string): boolean => word !== sign && !word.slice(1).includes(sign);
  if (words.length === 2 && a !== undefined && b !== undefined && apart(a) && apart(b)) return [a, b];
  const text = words.join(" ").replaceAll("−", "-").trim();
  const parts = split(text, sign).map((part) => part.trim());
  const [left, right] = parts;
  if (parts.length === 2 && left !== undefined && right !== undefined && !parts.some((part) => /\s/u.test(part))) {
    return [left, right];
  }
  const example = operation === "add" ? "add 12 + 34" : "sub 34 - 12";
  const received = text === "" ? "nothing" : JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
  throw new UsageError(`${operation}: expected two numbers, as in ganglion ${example}, received ${received}`);
}

/** Cuts at the first sign that is not the first character, or else at white space. */
function split(text: string, sign: string): readonly string[] {
  const at = text.indexOf(sign, 1);
  return at === -1 ? text.split(/\s+/u) : [text.slice(0, at), text.slice(at + 1)];
}

/**
 * Reads a whole expression, as typed at the prompt.
 *
 * @throws UsageError when it is neither a sum nor a difference
 */
export function expressionOf(text: string): { readonly operation: Operation; readonly operands: Operands } {
  const sign = /[+]|[-−]/u.exec(text.trim().slice(1))?.[0];
  if (sign === undefined) {
    throw new UsageError(
      `ganglion: expected a sum or a difference, as in 12 + 34, received ${JSON.stringify(text.trim())}`,
    );
  }
  const operation = sign === "+" ? "add" : "sub";
  return { operation, operands: operandsOf(operation, [text]) };
}
