import { mapTree, tensor } from "@ganglion/tensor";
import type { DType, Tensor, Tree } from "@ganglion/tensor";
import golden from "../golden/optimisers.json" with { type: "json" };

export type Leaves = { readonly [name in "bias" | "experts" | "tall"]: Tensor };

type Nested = number | readonly Nested[];

const leaves = (values: Readonly<Record<keyof Leaves, Nested>>, dtype: DType): Leaves => ({
  bias: tensor(values.bias, dtype),
  experts: tensor(values.experts, dtype),
  tall: tensor(values.tall, dtype),
});

export const start = (dtype: DType): Leaves => leaves(golden.start, dtype);
export const grads = (dtype: DType): Leaves[] => golden.grads.map((step) => leaves(step, dtype));

/** Parameters after each update, computed by numpy in float64. */
export const expected = (name: "sgd" | "adam" | "adamW" | "muon" | "ema"): Leaves[] =>
  golden[name].map((step) => leaves(step, "float64"));

/** Largest difference of two trees, relative to 1 + |expected|. */
export function difference(actual: Tree, wanted: Tree): number {
  let largest = 0;
  mapTree(
    (leaf, other) => {
      leaf.data.forEach((value, i) => {
        largest = Math.max(largest, Math.abs(value - other.data[i]!) / (1 + Math.abs(other.data[i]!)));
      });
      return leaf;
    },
    actual,
    wanted,
  );
  return largest;
}
