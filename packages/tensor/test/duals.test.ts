import { type Dual, dual, duals } from "@ganglion/testing";
import { describe, expect, test } from "vitest";
import * as t from "../src/index.ts";
import type { Tensor } from "../src/index.ts";
import { Random } from "./support/random.ts";

/** A function of one number, said once for tensors and once for dual numbers. */
interface Twin {
  readonly ours: (x: Tensor) => Tensor;
  readonly theirs: (x: Dual) => Dual;
}

const unaryNames = [
  ...(["neg", "abs", "sign", "square", "reciprocal", "exp", "log", "sqrt", "tanh", "sigmoid"] as const),
  ...(["relu", "gelu", "silu", "sin", "cos", "erf"] as const),
] as const;
const binaryNames = ["add", "sub", "mul", "div", "maximum", "minimum"] as const;
const dualName = { add: "add", sub: "sub", mul: "mul", div: "div", maximum: "max", minimum: "min" } as const;

const points = (name: string, min: number, max: number): number[] => {
  const random = new Random(`dual ${name}`);
  // kinks at 0 are kept out
  return random.list(200, () => random.real(min, max)).map((x) => (Math.abs(x) < 1e-3 ? x + 0.5 : x));
};

function expectTwins({ ours, theirs }: Twin, at: readonly number[], tolerance: number): void {
  const worst = { x: Number.NaN, error: 0 };
  for (const x of at) {
    const { value, grads } = t.valueAndGrad(ours)(t.tensor(x, "float64"));
    const wanted = dual(theirs, x);
    for (const [got, want] of [
      [value.item(), wanted.value],
      [grads.item(), wanted.derivative],
    ] as const) {
      const error = Math.abs(got - want) / (1 + Math.abs(want));
      if (!(error <= worst.error)) Object.assign(worst, { x, error });
    }
  }
  expect(worst.error, `at ${worst.x}`).toBeLessThanOrEqual(tolerance);
}

describe("value and derivative agree with dual numbers", () => {
  test.each(unaryNames)("%s, 200 points, to 1e-14", (name) => {
    const [min, max] = ["log", "sqrt", "reciprocal"].includes(name) ? [0.05, 9] : [-9, 9];
    expectTwins({ ours: t[name], theirs: duals[name] }, points(name, min, max), 1e-14);
  });

  test.each(binaryNames)("%s in either operand, 200 points each, to 1e-15", (name) => {
    const other = 1.3;
    const theirs = duals[dualName[name]];
    const at = points(name, 0.1, 4).filter((x) => Math.abs(x - other) > 1e-3);
    expectTwins({ ours: (x) => t[name](x, other), theirs: (x) => theirs(x, other) }, at, 1e-15);
    expectTwins({ ours: (x) => t[name](other, x), theirs: (x) => theirs(other, x) }, at, 1e-15);
  });

  test.each([-3, -1, -0.5, 0, 0.5, 1, 2, 3, 2.5, 10])("pow with exponent %s, 200 points, to 1e-14", (exponent) => {
    const twin: Twin = { ours: (x) => t.pow(x, exponent), theirs: (x) => duals.pow(x, exponent) };
    expectTwins(twin, points(`pow ${exponent}`, 0.2, 3), 1e-14);
  });

  test("clamp, 200 points, exactly", () => {
    const twin: Twin = { ours: (x) => t.clamp(x, -1, 2), theirs: (x) => duals.max(duals.min(x, 2), -1) };
    expectTwins(twin, points("clamp", -4, 4), 0);
  });

  test("1,000 random expressions, to 1e-12", () => {
    for (let index = 0; index < 1000; index++) {
      const random = new Random(`expression ${index}`);
      const { ours, theirs, text } = expression(random, 5);
      const x = random.real(-2, 2);
      const wanted = dual(theirs, x);
      const { value, grads } = t.valueAndGrad((y: Tensor) => t.add(ours(y), t.mul(y, 0)))(t.tensor(x, "float64"));
      const close = (got: number, want: number): boolean => Math.abs(got - want) <= 1e-12 * (1 + Math.abs(want));
      const holds = close(value.item(), wanted.value) && close(grads.item(), wanted.derivative);
      expect(holds, `${text} at ${x}: ${value.item()}, ${grads.item()} instead of ${JSON.stringify(wanted)}`).toBe(
        true,
      );
    }
  });
});

/** Smooth functions that stay small, so that rounding does. */
const smooth = ["tanh", "sigmoid", "sin", "cos", "erf", "gelu", "silu"] as const;
const pairs = ["add", "sub", "mul"] as const;

function expression(random: Random, depth: number): Twin & { readonly text: string } {
  if (depth === 0 || random.chance(0.15)) {
    const constant = random.real(-1.5, 1.5);
    if (random.chance(0.3)) {
      return {
        ours: () => t.full([], constant, "float64"),
        theirs: () => ({ value: constant, derivative: 0 }),
        text: String(constant),
      };
    }
    return { ours: (x) => x, theirs: (x) => x, text: "x" };
  }
  if (random.chance(0.5)) {
    const name = random.pick(smooth);
    const inner = expression(random, depth - 1);
    return {
      ours: (x) => t[name](inner.ours(x)),
      theirs: (x) => duals[name](inner.theirs(x)),
      text: `${name}(${inner.text})`,
    };
  }
  const name = random.pick(pairs);
  const [left, right] = [expression(random, depth - 1), expression(random, depth - 1)];
  return {
    ours: (x) => t[name](left.ours(x), right.ours(x)),
    theirs: (x) => duals[name](left.theirs(x), right.theirs(x)),
    text: `${name}(${left.text}, ${right.text})`,
  };
}
