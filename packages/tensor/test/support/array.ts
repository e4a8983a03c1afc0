/** Nested numbers as the tests know them: a shape and float64 values, no code shared with the package under test. */
export interface NdArray {
  readonly shape: readonly number[];
  readonly data: readonly number[];
  /** absent: the float type under test */
  readonly dtype?: "int32" | "uint8" | "int8" | "float32" | "float64";
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

/** Every index of a shape, in row-major order. */
export function indicesOf(shape: readonly number[]): number[][] {
  let indices: number[][] = [[]];
  for (const length of shape) {
    indices = indices.flatMap((prefix) => Array.from({ length }, (_, position) => [...prefix, position]));
  }
  return indices;
}

/** The array whose value at each index is `value(index)`. */
export function build(
  shape: readonly number[],
  value: (index: readonly number[]) => number,
  dtype?: NdArray["dtype"],
): NdArray {
  const data = indicesOf(shape).map(value);
  return dtype === undefined ? { shape, data } : { shape, data, dtype };
}

/** The value at an index; leading axes beyond the array's rank are ignored, axes of length 1 are read at 0. */
export function at(array: NdArray, index: readonly number[]): number {
  const skip = index.length - array.shape.length;
  let offset = 0;
  array.shape.forEach((length, axis) => {
    offset = offset * length + (length === 1 ? 0 : (index[axis + skip] as number));
  });
  return array.data[offset] as number;
}

export function broadcastShapes(...shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const lengths = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1);
    return lengths.find((length) => length !== 1) ?? 1;
  });
}

export const wrap = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

/** A copy of `index` with `position` put at `axis`. */
export const replaced = (index: readonly number[], axis: number, position: number): number[] =>
  index.map((old, at_) => (at_ === axis ? position : old));
