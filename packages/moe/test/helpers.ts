import { type Tensor, type Tree, cast, flattenTree, fromData, grad, key, mapTree, uniform } from "@ganglion/tensor";
import type { GradientClaim } from "@ganglion/testing";
import { type Moe, type MoeConfig, type MoeParams, moe } from "../src/index.ts";

/** Weights so large that routers are decided and biases matter. */
export function randomParams(layer: Moe, seed: number, dtype: "float32" | "float64" = "float64"): MoeParams {
  let leaf = 0;
  return mapTree(
    (initial) => uniform(key(seed * 100 + leaf++), initial.shape, { min: -1, max: 1, dtype }),
    layer.init(key(seed)),
  );
}

export const randomRows = (
  seed: number,
  rows: number,
  columns: number,
  dtype: "float32" | "float64" = "float64",
): Tensor => uniform(key(seed), [rows, columns], { min: -1, max: 1, dtype });

/** The same layer under both dispatches. */
export const bothDispatches = (config: MoeConfig): { sparse: Moe; dense: Moe } => ({
  sparse: moe({ ...config, dispatch: "sparse" }),
  dense: moe({ ...config, dispatch: "dense" }),
});

/** Largest difference between the leaves of two trees of one structure. */
export function difference(a: Tree, b: Tree): number {
  const others = flattenTree(b).leaves;
  return flattenTree(a).leaves.reduce((largest, { data }, leaf) => {
    const other = others[leaf]!.data;
    return Math.max(
      largest,
      data.length === other.length ? 0 : Infinity,
      ...Array.from(data, (value, i) => Math.abs(value - other[i]!)),
    );
  }, 0);
}

const arraysOf = (tree: Tree): Float64Array[] =>
  flattenTree(tree).leaves.map((leaf) => cast(leaf, "float64").data as Float64Array);

function treeOf<T extends Tree>(like: T, arrays: readonly Float64Array[]): T {
  const flat = flattenTree(like);
  return flat.unflatten(flat.leaves.map(({ shape }, leaf) => fromData(arrays[leaf]!, shape)));
}

/** The claim that `grad` differentiates a scalar function of a tree, for `expectGradient`. */
export const treeClaim = <T extends Tree>(loss: (at: T) => Tensor, at: T): GradientClaim => ({
  value: (arrays) => loss(treeOf(at, arrays)).item(),
  gradient: (arrays) => arraysOf(grad(loss)(treeOf(at, arrays))),
  at: arraysOf(at),
});

/** Columns in another order. */
export const permuted = (x: Tensor, order: readonly number[]): Tensor => {
  const columns = x.shape[1]!;
  const data = Float64Array.from(x.data, (_, i) => x.data[Math.floor(i / columns) * columns + order[i % columns]!]!);
  return fromData(data, x.shape);
};
