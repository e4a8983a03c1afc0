import { centralDifference, expectGradient } from "@ganglion/testing";
import { describe, expect, test } from "vitest";
import { fromData, grad, mul, sub, sum, type Tensor, vjp, zeros, ones } from "../src/index.ts";
import { type Case, drawCase, type Operation, operations } from "./operations.ts";
import { Random } from "./support/random.ts";
import { toTensor } from "./support/tensors.ts";

/** Random cases per operation; a long run asks for 5,000. */
const count = Number(process.env["GANGLION_GRADIENT_CASES"] ?? 200);

const differentiable = operations.filter((operation) => operation.differentiable);

describe.each(differentiable)("$name", (operation) => {
  test(`has the gradient of central differences on ${count} random cases`, () => {
    for (let index = 0; index < count; index++) {
      const { at, call, made } = problem(operation, 11, index);
      const weights = weightsFor(call(at), index);
      located(operation, made, () =>
        expectGradient({
          at,
          value: (inputs) => dot(call(inputs), weights),
          gradient: (inputs) => {
            const { value, pullback } = vjp(call.tree, call.tensors(inputs));
            return pullback(value.map((each, which) => fromData(weights[which]!, each.shape))).map(values);
          },
        }),
      );
    }
  });

  test(`has the gradient of its gradient on ${count} random cases`, () => {
    for (let index = 0; index < count; index++) {
      const { at, call, made } = problem(operation, 12, index);
      const weights = weightsFor(call(at), index);
      const random = new Random(`directions ${index}`);
      const directions = call.tensors(at).map(({ shape, size }) =>
        fromData(
          Float64Array.from({ length: size }, () => random.real(-1, 1)),
          shape,
        ),
      );
      // quadratic in the result, so that linear operations have a second derivative too
      const loss = (inputs: readonly Tensor[]): Tensor =>
        total(call.tree(inputs).map((y, which) => sum(mul(mul(y, y), fromData(weights[which]!, y.shape)))));
      const slope = (inputs: readonly Tensor[]): Tensor =>
        total(grad(loss)(inputs).map((each, which) => sum(mul(each, directions[which]!))));
      located(operation, made, () =>
        expectGradient({
          at,
          value: (inputs) => slope(call.tensors(inputs)).item(),
          gradient: (inputs) => grad(slope)(call.tensors(inputs)).map(values),
          tolerance: 1e-6,
        }),
      );
    }
  });

  test("has float32 gradients in float32, close to those in float64", () => {
    for (let index = 0; index < 20; index++) {
      const { inputs, attributes } = drawCase(operation, 13, index, "gradient");
      const made = { inputs: inputs.map((input) => ({ ...input, data: input.data.map(Math.fround) })), attributes };
      const [single, double] = (["float32", "float64"] as const).map((dtype) => {
        const tensors = made.inputs.map((input) => toTensor(input, dtype));
        const floating = tensors.filter((each) => each.dtype === dtype);
        const { value, pullback } = vjp((xs: readonly Tensor[]) => firstResult(operation, made, dtype, xs), floating);
        return pullback(ones(value.shape, value.dtype));
      });
      single!.forEach((each, which) => {
        expect(each.dtype).toBe("float32");
        const wanted = double![which]!.data;
        each.data.forEach((received, place) => {
          expect(Math.abs(received - wanted[place]!)).toBeLessThanOrEqual(1e-4 * (1 + Math.abs(wanted[place]!)));
        });
      });
    }
  });
});

describe.each(operations.filter((operation) => !operation.differentiable))("$name", (operation) => {
  test("lets no gradient through", () => {
    const { inputs, attributes } = drawCase(operation, 14, 0, "gradient");
    const constants = inputs.map((input) => toTensor(input, "float64"));
    const floating = constants.filter(({ dtype }) => dtype === "float64");
    const { pullback, value } = vjp((xs: readonly Tensor[]) => {
      let next = 0;
      return [
        operation.apply(
          constants.map((each) => (each.dtype === "float64" ? xs[next++]! : each)),
          attributes,
        ),
      ].flat();
    }, floating);
    const cotangents = pullback(value.map((each) => ones(each.shape, each.dtype)));
    expect(cotangents).toEqual(floating.map(({ shape }) => zeros(shape, "float64")));
  });
});

test("every table entry that has gradients sees at least one input of floating point", () => {
  for (const operation of differentiable) {
    const { inputs } = drawCase(operation, 15, 0, "gradient");
    expect(
      inputs.some((input) => input.dtype === undefined),
      operation.name,
    ).toBe(true);
  }
});

test("the oracle notices a wrong gradient", () => {
  const at = [Float64Array.of(1.5, -2)];
  const numeric = centralDifference(([x]) => x![0]! ** 2 * x![1]!, at);
  expect(numeric[0]![0]).toBeCloseTo(-6, 8);
  expect(() => {
    expectGradient({ at, value: ([x]) => x![0]! ** 2, gradient: ([x]) => [Float64Array.of(2.001 * x![0]!, 0)] });
  }).toThrow("input 0, index 0");
});

interface Call {
  (inputs: readonly Float64Array[]): Tensor[];
  /** The floating-point results from the floating-point inputs. */
  readonly tree: (inputs: readonly Tensor[]) => Tensor[];
  readonly tensors: (inputs: readonly Float64Array[]) => Tensor[];
}

/** A random case as a function of its floating-point inputs alone. */
function problem(operation: Operation, seed: number, index: number): { at: Float64Array[]; call: Call; made: Case } {
  const made = drawCase(operation, seed, index, "gradient");
  const free = made.inputs.filter((input) => input.dtype === undefined);
  const tensors: Call["tensors"] = (inputs) => inputs.map((data, which) => fromData(data, free[which]!.shape));
  const tree: Call["tree"] = (inputs) => results(operation, made, "float64", inputs);
  const call = Object.assign((inputs: readonly Float64Array[]) => tree(tensors(inputs)), { tree, tensors });
  return { at: free.map(({ data }) => Float64Array.from(data)), call, made };
}

function results(operation: Operation, made: Case, dtype: "float32" | "float64", inputs: readonly Tensor[]): Tensor[] {
  let next = 0;
  const all = made.inputs.map((input) => (input.dtype === undefined ? inputs[next++]! : toTensor(input, dtype)));
  return [operation.apply(all, made.attributes)].flat().filter((each) => each.dtype.startsWith("float"));
}

const firstResult = (...given: Parameters<typeof results>): Tensor => results(...given)[0]!;

const weightsFor = (outputs: readonly Tensor[], index: number): Float64Array[] => {
  const random = new Random(`weights ${index}`);
  return outputs.map(({ size }) => Float64Array.from({ length: size }, () => random.real(-1, 1)));
};

const dot = (outputs: readonly Tensor[], weights: readonly Float64Array[]): number =>
  outputs.reduce(
    (sums, { data }, which) =>
      weights[which]!.reduce((partial, weight, place) => partial + weight * data[place]!, sums),
    0,
  );

const total = (terms: readonly Tensor[]): Tensor => terms.reduce((left, right) => sub(left, mul(right, -1)));

const values = ({ data }: Tensor): Float64Array => Float64Array.from(data);

/** Adds the operation and the case to whatever goes wrong. */
function located(operation: Operation, made: Case, check: () => void): void {
  try {
    check();
  } catch (error) {
    throw new Error(`${operation.name} for ${JSON.stringify(made)}: ${String(error)}`, { cause: error });
  }
}
