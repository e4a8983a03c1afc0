import { describe, expect, test } from "vitest";
import * as t from "../src/index.ts";
import { drawCase, operations } from "./operations.ts";
import { goldenCases } from "./support/golden.ts";
import { call, expectResults, toTensor } from "./support/tensors.ts";

/** Random cases per operation and dtype; a long run asks for more. */
const count = Number(process.env["GANGLION_VALUE_CASES"] ?? 1000);

describe.each(operations)("$name", (operation) => {
  test("agrees with numpy on the golden cases", () => {
    const cases = goldenCases(operation.name);
    expect(cases.length).toBeGreaterThanOrEqual(24);
    for (const each of cases) {
      for (const dtype of ["float32", "float64"] as const) {
        expectResults(operation, each, call(operation, each, dtype), each.outputs, dtype);
      }
    }
  });

  test(`agrees with the naive reference on ${count} random cases of each dtype`, () => {
    for (let index = 0; index < count; index++) {
      const each = drawCase(operation, 1, index, "value");
      const expected = [operation.reference(each.inputs, each.attributes)].flat();
      for (const dtype of ["float32", "float64"] as const) {
        expectResults(operation, each, call(operation, each, dtype), expected, dtype);
      }
    }
  });

  test("leaves its inputs untouched", () => {
    for (let index = 0; index < 20; index++) {
      const { inputs, attributes } = drawCase(operation, 2, index, "value");
      const tensors = inputs.map((input) => toTensor(input, "float32"));
      const before = tensors.map(({ data }) => data.slice());
      operation.apply(tensors, attributes);
      expect(tensors.map(({ data }) => data)).toEqual(before);
    }
  });
});

describe.each(operations.filter(({ integers }) => integers))("$name", (operation) => {
  test("computes on int32 and stays int32", () => {
    for (let index = 0; index < 200; index++) {
      const { inputs, attributes } = drawCase(operation, 3, index, "value");
      const whole = inputs.map((input) => ({ ...input, data: input.data.map(Math.round) }));
      const each = { inputs: whole, attributes };
      const expected = [operation.reference(whole, attributes)].flat();
      expectResults({ ...operation, exact: true }, each, call(operation, each, "int32"), expected, "int32");
    }
  });
});

describe("stack", () => {
  const whole = Float32Array.of(1, 2, 3, 4, 5, 6);
  const rows = [0, 1, 2].map((row) => t.fromData(whole.subarray(2 * row, 2 * row + 2), [2]));
  const [first, second, third] = rows as [t.Tensor, t.Tensor, t.Tensor];

  test("copies nothing where tensors stand side by side in one memory", () => {
    expect(t.stack(rows).data).toEqual(whole);
    expect(t.stack(rows).data.buffer).toBe(whole.buffer);
    expect(t.stack([second, third]).data).toEqual(whole.subarray(2));
  });

  test("copies tensors that stand in another order, apart, or in other memories", () => {
    expect([...t.stack([second, first]).data]).toEqual([3, 4, 1, 2]);
    expect([...t.stack([first, third]).data]).toEqual([1, 2, 5, 6]);
    expect([...t.stack([first, t.fromData(Float32Array.of(7, 8), [2])]).data]).toEqual([1, 2, 7, 8]);
    expect([...t.stack(rows, 1).data]).toEqual([1, 3, 5, 2, 4, 6]);
  });
});
