import { fromData } from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";

/** The tensor with one element changed. */
export function mutated(tensor: Tensor, at: number, change: (value: number) => number): Tensor {
  const data = Float64Array.from(tensor.data);
  data[at] = change(data[at]!);
  return fromData(data, tensor.shape);
}

/** A number in a certificate: `digits*2^exponent`. */
export function signOf(text: string): bigint {
  return BigInt(text.split("*")[0]!);
}

/** The double nearest to a number in a certificate. */
export function valueOf(text: string): number {
  const [digits, exponent] = text.split("*2^").map(Number) as [number, number];
  return digits * 2 ** exponent;
}
