import { test } from "@fast-check/vitest";
import fc from "fast-check";
import { describe, expect } from "vitest";
import { readLiteral } from "../src/readme/literal.ts";
import { matches as matchesLiteral } from "../src/readme/matches.ts";

const matches = (value: unknown, text: string): boolean => matchesLiteral(value, readLiteral(text));

const yes: [unknown, string][] = [
  [1 / 3, "0.33"],
  [1 / 3, "0.3333333333"],
  [-1 / 3, "-0.33"],
  [1.25e-3, "1.3e-3"],
  [-0.001, "-0.00"],
  [0.001, "0.00"],
  [3, "3"],
  [1000, "1e3"],
  [0.1, "0.1"],
  [Math.fround(0.1), "0.1"],
  [0, "0"],
  [-0, "-0"],
  [Number.NaN, "NaN"],
  [Number.POSITIVE_INFINITY, "Infinity"],
  [Number.NEGATIVE_INFINITY, "-Infinity"],
  [12n, "12n"],
  [-12n, "-12n"],
  ["a'b", `"a'b"`],
  [true, "true"],
  [null, "null"],
  [undefined, "undefined"],
  [[1, [2, 3]], "[1, [2, 3]]"],
  [Float32Array.of(1, 0.1), "[1, 0.1]"],
  [new Uint8Array(0), "[]"],
  [{ a: 1, "b c": [true] }, '{ a: 1, "b c": [true] }'],
];

const no: [unknown, string][] = [
  [1 / 3, "0.34"],
  [1 / 3, "0.334"],
  [1 / 3, "-0.33"],
  [2.6, "3"],
  [2.9999999, "3"],
  [0, "-0"],
  [Number.NaN, "0"],
  [0, "NaN"],
  ["3", "3"],
  [3n, "3"],
  [3, "3n"],
  [null, "undefined"],
  [[1, 2], "[1]"],
  [[1], "[1, 2]"],
  [[1, 2], "[2, 1]"],
  [{ a: 1 }, "{ a: 1, b: 2 }"],
  [{ a: 1, b: 2 }, "{ a: 1 }"],
  [{ a: undefined }, "{ b: undefined }"],
  [[1], "{ 0: 1 }"],
  [{ 0: 1, length: 1 }, "[1]"],
  [new DataView(new ArrayBuffer(0)), "[]"],
];

describe("matches", () => {
  test.each(yes)("takes %o for %s", (value, literal) => {
    expect(matches(value, literal)).toBe(true);
  });

  test.each(no)("does not take %o for %s", (value, literal) => {
    expect(matches(value, literal)).toBe(false);
  });

  // JSON writes -0 as 0
  const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown);

  test.prop([json])("takes any JSON value for its own text", (value) => {
    expect(matches(value, JSON.stringify(value))).toBe(true);
  });

  test.prop([json, json])("takes no JSON value for the text of another", (a, b) => {
    fc.pre(JSON.stringify(a) !== JSON.stringify(b));
    const close = JSON.stringify(a).includes(".") && JSON.stringify(b).includes(".");
    if (!close) expect(matches(a, JSON.stringify(b)) && matches(b, JSON.stringify(a))).toBe(false);
  });

  test.prop([fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.integer({ min: 1, max: 8 })])(
    "takes a number for itself with fewer decimals, and not when it is one unit further",
    (value, decimals) => {
      const unit = 10 ** -decimals;
      expect(matches(value, value.toFixed(decimals))).toBe(true);
      expect(matches(value + Math.sign(value || 1) * 2 * unit, value.toFixed(decimals))).toBe(false);
    },
  );
});

describe("readLiteral", () => {
  test.each(["", "1 2", "f(1)", "about 1", "/x/", "[...x]", "[,]", "{ ...x }", "{ [a]: 1 }", "+1", "-[1]", "x", "`a`"])(
    "refuses %o",
    (text) => {
      expect(() => readLiteral(text)).toThrow(new Error(`cannot compare with "${text}": write a literal`));
      expect(() => readLiteral(`[1, { a: ${text} }]`)).toThrow("write a literal");
    },
  );
});
