import { type Tensor, stopGradient } from "@ganglion/tensor";
import type { Schedule } from "../schedules/schedule.ts";

/** Whether a kernel takes tensors like these. */
export const fits = (leaves: readonly Tensor[]): boolean => leaves.every(({ dtype }) => dtype === "float32");

/** Whether a gradient is being taken with respect to a tensor. */
export const isTracked = (x: Tensor): boolean => stopGradient(x) !== x;

/** What a kernel is given in the order in which gradients are taken: the state, weights by name, and inputs if there are any. */
export function leavesOf<Name extends string>(
  names: readonly Name[],
  weights: Readonly<Record<Name, Tensor>>,
  state: Tensor,
  inputs: Tensor | undefined,
): readonly Tensor[] {
  return [state, ...names.map((name) => weights[name]), ...(inputs === undefined ? [] : [inputs])];
}

/** The weights among such leaves. */
export function weightsIn<Name extends string>(
  names: readonly Name[],
  leaves: readonly Tensor[],
): Record<Name, Float32Array> {
  return Object.fromEntries(names.map((name, index) => [name, leaves[index + 1]!.data])) as Record<Name, Float32Array>;
}

/** State and inputs among such leaves. */
export function statesIn(
  names: readonly string[],
  leaves: readonly Tensor[],
): { readonly state: Float32Array; readonly inputs: Float32Array | undefined } {
  return {
    state: leaves[0]!.data as Float32Array,
    inputs: leaves[names.length + 1]?.data as Float32Array | undefined,
  };
}

/** The schedule of which it is known who fires. */
export const known = (masks: readonly Uint8Array[]): Schedule => ({
  name: "known",
  fired: ({ step }) => masks[step]!,
});
