import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { didYouMean, closest } from "../src/digits/didYouMean.ts";
import { formatDigits, parseDigits } from "../src/digits/text.ts";

describe("parseDigits", () => {
  test("puts the lowest digit first and drops leading zeros", () => {
    expect(parseDigits("0012030")).toEqual([0, 3, 0, 2, 1]);
    expect(parseDigits("000")).toEqual([0]);
    expect(parseDigits(" 7 ")).toEqual([7]);
  });

  test.prop([fc.bigInt({ min: 0n, max: 10n ** 300n })])("is undone by formatDigits", (number) => {
    expect(formatDigits(parseDigits(String(number)))).toBe(String(number));
  });

  test.each([
    ["", 'add: expected a whole number, received "". Write 0?'],
    ["  ", 'add: expected a whole number, received "  ". Write 0?'],
    ["-5", 'add: expected a number of at least 0, received "-5". Leave out the sign?'],
    ["−5", 'add: expected a number of at least 0, received "−5". Leave out the sign?'],
    ["12.5", 'add: expected decimal digits only, received "12.5". Remove "."?'],
    ["1e9", 'add: expected decimal digits only, received "1e9". Remove "e"?'],
    ["١٢", 'add: expected decimal digits only, received "١٢". Remove "١"?'],
    [
      `${"9".repeat(50)}x`,
      'add: expected decimal digits only, received "9999999999999999999999999999999999999...". Remove "x"?',
    ],
  ])("refuses %j", (text, message) => {
    expect(() => parseDigits(text, "add")).toThrow(
      expect.objectContaining({ name: "OperandError", message, operation: "add", text }),
    );
  });
});

describe("closest", () => {
  test.each([
    ["shwo", ["show", "steps"], "show"],
    ["ad", ["add", "sub"], "add"],
    ["--vtoe", ["--vote", "--steps"], "--vote"],
    ["GARY", ["gary"], "gary"],
    ["evaluate", ["eval"], undefined],
    ["x", ["ab"], undefined],
    ["", ["ab", "abc"], undefined],
  ])("finds for %j among %j: %j", (word, candidates, expected) => {
    expect(closest(word, candidates)).toBe(expected);
  });

  test.prop([fc.string({ minLength: 3 }), fc.nat(), fc.string({ minLength: 1, maxLength: 1 })])(
    "finds a word again after one insertion",
    (word, place, letter) => {
      const at = place % (word.length + 1);
      expect(closest(word.slice(0, at) + letter + word.slice(at), [word])).toBe(word);
    },
  );

  test("makes a sentence, or nothing", () => {
    expect(didYouMean("grya", ["gary", "ripple"])).toBe(" Did you mean gary?");
    expect(didYouMean("transformer", ["gary", "ripple"])).toBe("");
  });
});
