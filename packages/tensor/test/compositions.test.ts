import { expectGradient } from "@ganglion/testing";
import { describe, expect, test } from "vitest";
import * as t from "../src/index.ts";
import type { Tensor } from "../src/index.ts";
import { program } from "./support/programs.ts";

const count = Number(process.env["GANGLION_PROGRAM_CASES"] ?? 300);
type Values = readonly Tensor[];

describe("random programs", () => {
  test(`have the gradient of central differences, ${count} times`, () => {
    for (let index = 0; index < count; index++) {
      const { run, at, text } = program(index);
      explained(text, () =>
        expectGradient({
          at,
          value: (inputs) => run(inputs.map(square)).item(),
          gradient: (inputs) =>
            t
              .grad(run)(inputs.map(square))
              .map(({ data }) => Float64Array.from(data)),
        }),
      );
    }
  });

  test(`have the gradient of their gradient, ${count / 3} times`, () => {
    for (let index = 0; index < count / 3; index++) {
      const { run, at, text } = program(index);
      const slope = (inputs: Values): Tensor =>
        t
          .grad(run)(inputs)
          .reduce((total, each, which) => t.add(total, t.sum(t.mul(each, which + 0.5))), t.full([], 0, "float64"));
      explained(text, () =>
        expectGradient({
          at,
          value: (inputs) => slope(inputs.map(square)).item(),
          gradient: (inputs) =>
            t
              .grad(slope)(inputs.map(square))
              .map(({ data }) => Float64Array.from(data)),
          tolerance: 1e-6,
        }),
      );
    }
  });

  test("cost one gradient pass whatever the sharing: 40 squarings of one value take no exponential time", () => {
    const x = t.tensor(1.01, "float64");
    const doubled = (leaf: Tensor): Tensor => {
      let value = leaf;
      for (let step = 0; step < 40; step++) value = t.mul(t.add(value, value), 0.5);
      return value;
    };
    expect(t.grad(doubled)(x).item()).toBe(1);
  });
});

const square = (data: Float64Array): Tensor => t.fromData(data, [3, 3]);

function explained(text: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    throw new Error(`${text}: ${String(error)}`, { cause: error });
  }
}
