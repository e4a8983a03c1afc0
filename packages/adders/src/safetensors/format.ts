import type { DType } from "@ganglion/tensor";

/** Names of the element types in a file, and how many bytes an element takes. */
export const dtypes: Readonly<Record<DType, { readonly name: string; readonly bytes: number }>> = {
  float64: { name: "F64", bytes: 8 },
  float32: { name: "F32", bytes: 4 },
  int32: { name: "I32", bytes: 4 },
  uint8: { name: "U8", bytes: 1 },
  int8: { name: "I8", bytes: 1 },
};

/** Bytes before the header: its length. */
export const PREFIX = 8;
/** Longest header that readers of the format accept, in bytes. */
export const LONGEST_HEADER = 100_000_000;
/** Key of the header under which texts stand instead of a tensor. */
export const METADATA = "__metadata__";

/** Bytes that are no safetensors file, or one with the tensors of something else. */
export class SafetensorsError extends Error {
  override readonly name = "FormatError";
  /** Tensor that is wrong; absent when the file as a whole is. */
  readonly tensor: string | undefined;

  constructor(problem: string, tensor?: string) {
    super(`safetensors: ${tensor === undefined ? "" : `${JSON.stringify(tensor)}: `}${problem}`);
    this.tensor = tensor;
  }
}
