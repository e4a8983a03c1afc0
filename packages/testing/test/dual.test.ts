import { test } from "@fast-check/vitest";
import fc from "fast-check";
import { describe, expect } from "vitest";
import { centralDifference, dual, duals, type Dual } from "../src/index.ts";

/** Every function of one variable with a domain without kinks, and known values. */
const table: Record<string, { f: (x: Dual) => Dual; min: number; max: number; known: [number, number, number][] }> = {
  exp: { f: duals.exp, min: -5, max: 3, known: [[1, 2.718281828459045, 2.718281828459045]] },
  log: { f: duals.log, min: 0.1, max: 9, known: [[2, 0.6931471805599453, 0.5]] },
  sqrt: { f: duals.sqrt, min: 0.1, max: 9, known: [[4, 2, 0.25]] },
  square: { f: duals.square, min: -3, max: 3, known: [[-3, 9, -6]] },
  reciprocal: { f: duals.reciprocal, min: 0.3, max: 5, known: [[4, 0.25, -0.0625]] },
  abs: {
    f: duals.abs,
    min: 0.1,
    max: 5,
    known: [
      [-2, 2, -1],
      [0, 0, 0],
    ],
  },
  sign: { f: duals.sign, min: 0.1, max: 5, known: [[-2, -1, 0]] },
  neg: { f: duals.neg, min: -5, max: 5, known: [[2, -2, -1]] },
  sin: { f: duals.sin, min: -6, max: 6, known: [[1, 0.8414709848078965, 0.5403023058681398]] },
  cos: { f: duals.cos, min: -6, max: 6, known: [[1, 0.5403023058681398, -0.8414709848078965]] },
  tanh: { f: duals.tanh, min: -5, max: 5, known: [[1, 0.7615941559557649, 0.4199743416140261]] },
  sigmoid: {
    f: duals.sigmoid,
    min: -9,
    max: 9,
    known: [
      [1, 0.7310585786300049, 0.19661193324148185],
      [-800, 0, 0],
      [800, 1, 0],
    ],
  },
  relu: {
    f: duals.relu,
    min: 0.1,
    max: 5,
    known: [
      [2, 2, 1],
      [-2, 0, 0],
      [0, 0, 0],
    ],
  },
  silu: { f: duals.silu, min: -6, max: 6, known: [[1, 0.7310585786300049, 0.9276705118714867]] },
  erf: {
    f: duals.erf,
    min: -3,
    max: 3,
    known: [
      [0, 0, 1.1283791670955126],
      [0.5, 0.5204998778130465, 0.8787825789354448],
      [1, 0.8427007929497149, 0.4151074974205947],
      [3, 0.9999779095030014, 0.0001392530519467479],
      [-7, -1, 5.91876445e-22],
    ],
  },
  gelu: { f: duals.gelu, min: -5, max: 5, known: [[1, 0.8413447460685429, 1.083315470587686]] },
};

const binary = ["add", "sub", "mul", "div", "max", "min", "pow"];

test("every function of duals is in a table", () => {
  expect(Object.keys(duals).toSorted()).toEqual([...Object.keys(table), ...binary].toSorted());
});

describe.each(Object.entries(table))("duals.%s", (_, { f, min, max, known }) => {
  test.each(known)("at %d is %d with derivative %d", (x, value, derivative) => {
    const received = dual(f, x);
    expect(Math.abs(received.value - value)).toBeLessThanOrEqual(1e-14 * (1 + Math.abs(value)));
    expect(Math.abs(received.derivative - derivative)).toBeLessThanOrEqual(1e-14 * (1 + Math.abs(derivative)));
  });

  test.prop([fc.double({ min, max, noNaN: true })])("agrees with central differences", (x) => {
    const [numeric] = centralDifference(([at]) => dual(f, at![0]!).value, [Float64Array.of(x)]);
    expect(dual(f, x).derivative).toBeCloseTo(numeric![0]!, 7);
  });

  test.prop([fc.double({ min, max, noNaN: true }), fc.constantFrom(-3, -0.5, 2)])(
    "obeys the chain rule",
    (x, slope) => {
      const inner = (t: Dual): Dual => duals.add(duals.mul(slope, duals.sub(t, x)), x);
      const outer = dual(f, x);
      expect(dual((t) => f(inner(t)), x)).toEqual({
        value: expect.closeTo(outer.value, 14) as number,
        derivative: expect.closeTo(slope * outer.derivative, 13) as number,
      });
    },
  );
});

describe("duals of two operands", () => {
  const number = fc.double({ min: -5, max: 5, noNaN: true });

  test.each([
    ["add", duals.add, 5, 1, 1],
    ["sub", duals.sub, -1, 1, -1],
    ["mul", duals.mul, 6, 3, 2],
    ["div", duals.div, 2 / 3, 1 / 3, -2 / 9],
    ["max", duals.max, 3, 0, 1],
    ["min", duals.min, 2, 1, 0],
  ] as const)("%s of 2 and 3", (_, f, value, left, right) => {
    expect(dual((x) => f(x, 3), 2)).toEqual({ value, derivative: expect.closeTo(left, 15) as number });
    expect(dual((x) => f(2, x), 3)).toEqual({ value, derivative: expect.closeTo(right, 15) as number });
  });

  test.prop([number, number])("multiply by the product rule", (x, a) => {
    const f = (t: Dual): Dual => duals.mul(duals.sin(t), duals.add(t, a));
    expect(dual(f, x).derivative).toBeCloseTo(Math.cos(x) * (x + a) + Math.sin(x), 13);
  });

  test.prop([fc.double({ min: 0.2, max: 3, noNaN: true })])("divide back what was multiplied", (x) => {
    const { value, derivative } = dual((t) => duals.div(duals.mul(duals.exp(t), t), t), x);
    expect(value).toBeCloseTo(Math.exp(x), 12);
    expect(derivative).toBeCloseTo(Math.exp(x), 12);
  });

  test("take the derivative of the first at a tie", () => {
    expect(dual((x) => duals.max(x, 2), 2).derivative).toBe(1);
    expect(dual((x) => duals.max(2, x), 2).derivative).toBe(0);
    expect(dual((x) => duals.min(x, 2), 2).derivative).toBe(1);
  });
});

describe("duals.pow", () => {
  test.prop([fc.double({ min: 0.2, max: 3, noNaN: true }), fc.integer({ min: -3, max: 4 })])(
    "equals repeated multiplication and division",
    (x, n) => {
      const repeated = (t: Dual): Dual => {
        let product: Dual = { value: 1, derivative: 0 };
        for (let i = 0; i < Math.abs(n); i++) product = n > 0 ? duals.mul(product, t) : duals.div(product, t);
        return product;
      };
      const [power, product] = [dual((t) => duals.pow(t, n), x), dual(repeated, x)];
      expect(Math.abs(power.value - product.value)).toBeLessThanOrEqual(1e-14 * Math.abs(product.value));
      expect(Math.abs(power.derivative - product.derivative)).toBeLessThanOrEqual(1e-14 * Math.abs(product.derivative));
    },
  );

  test("with exponent 0 is 1 with derivative 0, also at 0", () => {
    expect(dual((x) => duals.pow(x, 0), 0)).toEqual({ value: 1, derivative: 0 });
  });
});
