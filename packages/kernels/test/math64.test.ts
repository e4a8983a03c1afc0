import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { cos, erf, exp, log, sigmoid, sin, tanh } from "../src/index.ts";
import { precise, ulps } from "./support/precise.ts";

const functions = { exp, log, tanh, sigmoid, sin, cos, erf };
type Name = keyof typeof functions;

const between = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
const anywhere = fc.double({ noNaN: true, noDefaultInfinity: true });
/** Right next to the zeros of sine and cosine. */
const nearQuarterTurns = fc.integer({ min: -1e6, max: 1e6 }).map((n) => n * (Math.PI / 2));

const claims: readonly (readonly [name: Name, bound: number, argument: fc.Arbitrary<number>])[] = [
  ["exp", 1, fc.oneof(between(-1, 1), between(-745.2, 709.78), between(-745.2, -708))],
  ["log", 1, fc.oneof(between(0.5, 2), between(5e-324, 1e-300), between(5e-324, 1.7e308))],
  ["tanh", 1.5, fc.oneof(between(-1, 1), between(-25, 25))],
  ["sigmoid", 2.5, fc.oneof(between(-40, 40), between(-745, 745))],
  ["sin", 1, fc.oneof(between(-4, 4), between(-1e7, 1e7), nearQuarterTurns, anywhere)],
  ["cos", 1, fc.oneof(between(-4, 4), between(-1e7, 1e7), nearQuarterTurns, anywhere)],
  ["erf", 1, fc.oneof(between(-1.5, 1.5), between(-6.5, 6.5))],
];

describe.each(claims)("%s", (name, bound, argument) => {
  test.prop([argument], { numRuns: 400 })(`errs by at most ${bound} ulp`, (x) => {
    expect(ulps(functions[name](x), precise[name](x))).toBeLessThanOrEqual(bound);
  });
});

test.each<readonly [Name, readonly (readonly [x: number, y: number])[]]>([
  [
    "exp",
    [
      [0, 1],
      [-0, 1],
      [Infinity, Infinity],
      [-Infinity, 0],
      [709.7827128933841, Infinity],
      [-745.1332191019412, 0],
      [-745.1332191019411, 5e-324],
      [5e-324, 1],
    ],
  ],
  [
    "log",
    [
      [1, 0],
      [0, -Infinity],
      [-0, -Infinity],
      [-1, NaN],
      [-Infinity, NaN],
      [Infinity, Infinity],
      [5e-324, -744.4400719213812],
      [1.7976931348623157e308, 709.782712893384],
    ],
  ],
  [
    "tanh",
    [
      [0, 0],
      [-0, -0],
      [5e-324, 5e-324],
      [-5e-324, -5e-324],
      [Infinity, 1],
      [-Infinity, -1],
      [1e300, 1],
    ],
  ],
  [
    "sigmoid",
    [
      [0, 0.5],
      [-0, 0.5],
      [Infinity, 1],
      [-Infinity, 0],
      [1e300, 1],
      [-745, 5e-324],
    ],
  ],
  [
    "sin",
    [
      [0, 0],
      [-0, -0],
      [5e-324, 5e-324],
      [Infinity, NaN],
      [-Infinity, NaN],
      [1e22, -0.8522008497671888],
      [1.7976931348623157e308, 0.004961954789184062],
    ],
  ],
  [
    "cos",
    [
      [0, 1],
      [-0, 1],
      [Infinity, NaN],
      [-Infinity, NaN],
      [1e22, 0.523214785395139],
      [1.7976931348623157e308, -0.9999876894265599],
    ],
  ],
  [
    "erf",
    [
      [0, 0],
      [-0, -0],
      [5e-324, 5e-324],
      [-5e-324, -5e-324],
      [Infinity, 1],
      [-Infinity, -1],
      [7, 1],
    ],
  ],
])("%s is right at its edges", (name, edges) => {
  for (const [x, y] of edges) expect(functions[name](x), `${name}(${x})`).toBe(y);
  expect(functions[name](NaN)).toBeNaN();
});

describe("symmetry", () => {
  test.prop([anywhere])("odd functions change sign with their argument", (x) => {
    for (const f of [tanh, sin, erf]) expect(f(-x)).toBe(-f(x));
  });
  test.prop([anywhere])("cosine does not", (x) => {
    expect(cos(-x)).toBe(cos(x));
  });
});

describe("order", () => {
  const bounded = fc.double({ min: -800, max: 800, noNaN: true });
  test.prop([bounded])("tanh, sigmoid and erf stay within their limits", (x) => {
    expect(Math.abs(tanh(x))).toBeLessThanOrEqual(1);
    expect(Math.abs(erf(x))).toBeLessThanOrEqual(1);
    expect(sigmoid(x)).toBeGreaterThanOrEqual(0);
    expect(sigmoid(x)).toBeLessThanOrEqual(1);
  });
});
