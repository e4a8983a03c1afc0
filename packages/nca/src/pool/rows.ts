import { ShapeError, type Tensor, type Tree, flattenTree, fromData, mapTree, scatter, take } from "@ganglion/tensor";
import { show } from "../check.ts";

/** Rows of every leaf. */
export function takeRows<T extends Tree>(tree: T, rows: Tensor): T {
  return mapTree((leaf) => take(leaf, rows), tree);
}

/** The tree with rows of every leaf replaced. */
export function putRows<T extends Tree>(tree: T, rows: Tensor, part: T): T {
  return mapTree((leaf, replacement) => scatter(leaf, rows, replacement), tree, part);
}

/** The tree with the rows at some places replaced by what `change` makes of them; no places, no call. */
export function changeRows<T extends Tree>(tree: T, places: Int32Array, change: (part: T, n: number) => T): T {
  if (places.length === 0) return tree;
  const rows = fromData(places, [places.length]);
  return putRows(tree, rows, change(takeRows(tree, rows), places.length));
}

/** Throws a ShapeError unless every leaf has `n` rows; returns the tree. */
export function checkRows<T extends Tree>(source: string, tree: T, n: number): T {
  for (const { shape } of flattenTree(tree).leaves) {
    if (shape[0] === n) continue;
    throw new ShapeError(
      "pool",
      `expected ${source} to return ${n} rows in every leaf, received ${show(shape)}. Put one problem into each row?`,
      [shape],
    );
  }
  return tree;
}
