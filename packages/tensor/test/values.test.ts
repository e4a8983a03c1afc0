import { describe, expect, test } from "vitest";
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
