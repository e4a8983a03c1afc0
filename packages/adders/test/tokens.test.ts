import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { backward, bitPairs, forward } from "../src/index.ts";
import type { Tokeniser } from "../src/index.ts";

const small = fc.integer({ min: 0, max: 9_999_999_999 });
const kinds: readonly (readonly [string, (digits: number) => Tokeniser])[] = [
  ["bitPairs", bitPairs],
  ["forward", forward],
  ["backward", (digits) => backward({ digits, before: 1, between: digits - 1, after: 1 })],
];

describe.each(kinds)("%s", (_, make) => {
  test.prop([small, small])("puts allowed tokens in every place", (a, b) => {
    const tokeniser = make(10);
    const out = new Uint8Array(tokeniser.prompt + tokeniser.answer + 3).fill(99);
    tokeniser.encode(a, b, out, 2);
    expect(tokeniser.template).toHaveLength(tokeniser.prompt + tokeniser.answer);
    for (let place = 0; place < tokeniser.prompt; place++) expect(tokeniser.template[place]).toContain(out[2 + place]);
    expect([out[0], out[1], out[2 + tokeniser.prompt]]).toEqual([99, 99, 99]);
  });

  test.prop([small, small])("writes numbers and bigints alike", (a, b) => {
    const tokeniser = make(10);
    const [x, y] = [new Uint8Array(tokeniser.prompt), new Uint8Array(tokeniser.prompt)];
    tokeniser.encode(a, b, x, 0);
    tokeniser.encode(BigInt(a), BigInt(b), y, 0);
    expect(y).toEqual(x);
  });

  test.each([
    [10_000_000_000, "10000000000"],
    [-1, "-1"],
    [1.5, "1.5"],
    [10n ** 11n, "100000000000"],
    [-1n, "-1"],
  ])("refuses %s", (operand, text) => {
    const tokeniser = make(10);
    expect(() => tokeniser.encode(operand, 1, new Uint8Array(tokeniser.prompt), 0)).toThrow(
      expect.objectContaining({
        name: "OperandError",
        message: `add: expected whole numbers from 0 to 10^10 - 1, received ${text}`,
      }),
    );
  });
});

test.prop([fc.bigInt({ min: 0n, max: 10n ** 40n - 1n })])("answers of any width are read exactly", (value) => {
  const decimal = forward(40);
  const tokens = new Uint8Array(decimal.prompt + decimal.answer);
  for (const [place, digit] of Array.from(String(value).padStart(41, "0")).entries())
    tokens[decimal.prompt + place] = Number(digit);
  expect(decimal.decode(tokens, 0)).toBe(value);
  const binary = bitPairs(40);
  const bits = new Uint8Array(binary.prompt + binary.answer);
  for (let place = 0; place < binary.answer; place++)
    bits[binary.prompt + place] = 2 + Number((value >> BigInt(place)) & 1n);
  expect(binary.decode(bits, 0)).toBe(value);
});
