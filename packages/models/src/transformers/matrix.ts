import { fromData } from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";

/** A float64 matrix of zeros, filled in. */
export function matrix(
  rows: number,
  columns: number,
  fill: (set: (row: number, column: number, value: number) => void) => void,
): Tensor {
  const data = new Float64Array(rows * columns);
  fill((row, column, value) => {
    data[row * columns + column] = value;
  });
  return fromData(data, [rows, columns]);
}
