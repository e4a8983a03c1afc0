/** Element types of tensors; uint8 and int8 are for storage, masks and codes. */
export type DType = "float32" | "float64" | "int32" | "uint8" | "int8";

/** Typed array that holds a tensor's elements. */
export type Data = Float32Array | Float64Array | Int32Array | Uint8Array | Int8Array;

const constructors = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  uint8: Uint8Array,
  int8: Int8Array,
} as const;

/** Zero-filled storage for `size` elements. */
export function allocate(dtype: DType, size: number): Data {
  return new constructors[dtype](size);
}

/** `length` elements of a buffer from byte `start` on, without copying. */
export function viewOf(dtype: DType, buffer: ArrayBufferLike, start: number, length: number): Data {
  return new constructors[dtype](buffer as ArrayBuffer, start, length);
}

export function dtypeOf(data: Data): DType | undefined {
  for (const [dtype, constructor] of Object.entries(constructors)) {
    if (data instanceof constructor) return dtype as DType;
  }
  return undefined;
}

export const isDType = (name: string): name is DType => Object.hasOwn(constructors, name);

export const isFloat = (dtype: DType): boolean => dtype === "float32" || dtype === "float64";
