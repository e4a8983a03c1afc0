import { isDType, isFloat } from "../dtype.ts";
import { DTypeError } from "../errors.ts";
import type { Tensor } from "../tensor.ts";

export function requireFloat(operation: string, x: Tensor): void {
  if (isFloat(x.dtype)) return;
  throw new DTypeError(operation, `expected float32 or float64, received ${x.dtype}. Use cast(x, "float32")?`);
}

export function requireSameDType(operation: string, tensors: readonly Tensor[]): void {
  const [first] = tensors;
  const other = tensors.find((one) => one.dtype !== first!.dtype);
  if (other === undefined) return;
  throw new DTypeError(
    operation,
    `expected one dtype, received ${first!.dtype} and ${other.dtype}. Use cast(x, "${first!.dtype}")?`,
  );
}

export function requireIndices(operation: string, indices: Tensor): void {
  if (indices.dtype === "int32") return;
  throw new DTypeError(operation, `expected int32 indices, received ${indices.dtype}. Use cast(indices, "int32")?`);
}

export function requireDType(operation: string, dtype: string): void {
  if (isDType(dtype)) return;
  throw new DTypeError(operation, `expected float32, float64, int32, uint8 or int8, received ${dtype}`);
}
