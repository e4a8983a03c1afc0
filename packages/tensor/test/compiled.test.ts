import { describe, expect, test } from "vitest";
import * as t from "../src/index.ts";
import type { Tensor } from "../src/index.ts";
import { drawCase, type Operation, operations } from "./operations.ts";
import { program } from "./support/programs.ts";
import { toTensor } from "./support/tensors.ts";

type Step = (inputs: readonly Tensor[]) => readonly Tensor[];

/** Runs a step and its compiled twin on several inputs of one shape, so that memory is used again. */
function expectSame(step: Step, calls: readonly (readonly Tensor[])[]): void {
  const compiled = t.compile(step);
  const eager = calls.map((inputs) => step(inputs));
  // one after the other before any is compared: a result must outlive the next run
  const replayed = calls.map((inputs) => compiled(inputs));
  expect(replayed).toEqual(eager);
}

/** The same case with its floating-point numbers in another order. */
const reversed = (tensors: readonly Tensor[]): Tensor[] =>
  tensors.map((each) => (isFloat(each) ? t.fromData(each.data.toReversed(), each.shape) : each));

const isFloat = ({ dtype }: Tensor): boolean => dtype.startsWith("float");

function gradientOf(operation: Operation, attributes: object): Step {
  return (inputs) => {
    const { value, pullback } = t.vjp((floats: readonly Tensor[]) => {
      let next = 0;
      const all = inputs.map((input) => (isFloat(input) ? floats[next++]! : input));
      return [operation.apply(all, attributes)].flat().filter(isFloat);
    }, inputs.filter(isFloat));
    return pullback(value.map((each) => t.add(t.mul(each, 0), 0.5)));
  };
}

describe.each(operations)("$name compiled", (operation) => {
  test.each(["float32", "float64"] as const)("has the bits of the eager operation, in %s", (dtype) => {
    for (let index = 0; index < 30; index++) {
      const { inputs, attributes } = drawCase(operation, 5, index, "value");
      const tensors = inputs.map((input) => toTensor(input, dtype));
      expectSame((xs) => [operation.apply(xs, attributes)].flat(), [tensors, reversed(tensors), tensors]);
    }
  });
});

describe.each(operations.filter(({ differentiable }) => differentiable))("gradient of $name compiled", (operation) => {
  test("has the bits of the eager gradient", () => {
    for (let index = 0; index < 15; index++) {
      const { inputs, attributes } = drawCase(operation, 6, index, "gradient");
      const tensors = inputs.map((input) => toTensor(input, "float32"));
      expectSame(gradientOf(operation, attributes), [tensors, reversed(tensors), tensors]);
    }
  });
});

test("200 random programs, their gradients and the gradients of those have the bits of the eager ones", () => {
  for (let index = 0; index < 200; index++) {
    const { run, at } = program(index);
    const inputs = at.map((data) => t.fromData(data, [3, 3]));
    const slope = (xs: readonly Tensor[]): Tensor =>
      t
        .grad(run)(xs)
        .reduce((total, each) => t.add(total, t.sum(each)), t.full([], 0, "float64"));
    const step: Step = (xs) => {
      const { value, grads } = t.valueAndGrad(run)(xs);
      return [value, ...grads, ...(index % 4 === 0 ? t.grad(slope)(xs) : [])];
    };
    expectSame(step, [inputs, inputs.toReversed(), inputs]);
  }
});

test("gradients through 100 compiled random programs have the bits of the eager ones", () => {
  for (let index = 0; index < 100; index++) {
    const { run, at } = program(index);
    const inputs = at.map((data) => t.fromData(data, [3, 3]));
    const compiled = t.compile(run);
    for (const xs of [inputs, inputs.toReversed()]) {
      expect(t.valueAndGrad(compiled)(xs)).toEqual(t.valueAndGrad(run)(xs));
    }
  }
});
