/** From the arrays of the tests to tensors, and the comparison of a tensor with what was expected. */
import { type DType, fromData, type Tensor } from "../../src/index.ts";
import type { Case, Operation } from "../operations.ts";
import { type NdArray, sizeOf } from "./array.ts";

const storage = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  uint8: Uint8Array,
  int8: Int8Array,
} as const;

/** @param dtype what arrays without a dtype of their own become */
export const toTensor = (array: NdArray, dtype: DType): Tensor =>
  fromData(storage[array.dtype ?? dtype].from(array.data), array.shape);

export const call = (operation: Operation, { inputs, attributes }: Case, dtype: DType): Tensor[] =>
  [
    operation.apply(
      inputs.map((input) => toTensor(input, dtype)),
      attributes,
    ),
  ].flat();

/** float32 as R2 asks; float64 leaves room for a few roundings. */
const tolerances = {
  float32: { relative: 1.3e-6, absolute: 1e-5 },
  float64: { relative: 1e-13, absolute: 1e-13 },
} as const;

/**
 * Throws with the operation, the case and both numbers when a result differs in shape, dtype or value.
 * Written as plain code rather than `expect`, because it runs a million times.
 */
export function expectResults(
  { name, exact }: Pick<Operation, "name" | "exact">,
  made: Case,
  actual: readonly Tensor[],
  expected: readonly NdArray[],
  dtype: DType,
): void {
  const fail = (problem: string): never => {
    throw new Error(`${name} (${dtype}): ${problem} for ${JSON.stringify(made)}`);
  };
  if (actual.length !== expected.length) fail(`${actual.length} results instead of ${expected.length}`);
  expected.forEach((wanted, which) => {
    const got = actual[which]!;
    const type = wanted.dtype ?? dtype;
    if (got.shape.join() !== wanted.shape.join())
      fail(`shape [${got.shape.join()}] instead of [${wanted.shape.join()}]`);
    if (got.dtype !== type) fail(`dtype ${got.dtype} instead of ${type}`);
    if (!(got.data instanceof storage[type]) || got.data.length !== sizeOf(wanted.shape))
      fail("storage that does not fit");
    const { relative, absolute } = type === "float32" ? tolerances.float32 : tolerances.float64;
    wanted.data.forEach((value, index) => {
      const target = type === "float32" ? Math.fround(value) : value;
      const received = got.data[index]!;
      if (received === target || (Number.isNaN(received) && Number.isNaN(target))) return;
      if (!exact && Math.abs(received - target) <= absolute + relative * Math.abs(target)) return;
      fail(`${received} instead of ${target} at ${index} of result ${which}`);
    });
  });
}
