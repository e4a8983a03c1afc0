import { type Tensor, stopGradient } from "@ganglion/tensor";

/** Whether a kernel takes tensors like these. */
export const fits = (leaves: readonly Tensor[]): boolean => leaves.every(({ dtype }) => dtype === "float32");

/** Whether a gradient is being taken with respect to a tensor. */
export const isTracked = (x: Tensor): boolean => stopGradient(x) !== x;
