import { describe, expect, test, vi } from "vitest";
import type * as dtype from "../src/dtype.ts";
import { drawCase, operations } from "./operations.ts";
import { call, expectResults } from "./support/tensors.ts";

// storage that is handed out dirty, as it will be once buffers are used again
vi.mock(import("../src/dtype.ts"), async (original) => {
  const actual: typeof dtype = await original();
  return { ...actual, allocate: (type, size) => actual.allocate(type, size).fill(77) };
});

describe.each(operations)("$name", (operation) => {
  test("writes every element of its result, whatever the storage held before", () => {
    for (let index = 0; index < 100; index++) {
      const made = drawCase(operation, 4, index, "value");
      const expected = [operation.reference(made.inputs, made.attributes)].flat();
      for (const type of ["float32", "float64"] as const) {
        expectResults(operation, made, call(operation, made, type), expected, type);
      }
    }
  });
});

test("the storage of this file really is dirty", async () => {
  const { allocate } = await import("../src/dtype.ts");
  expect(allocate("float32", 2)).toEqual(Float32Array.of(77, 77));
});
