import { ShapeError } from "./errors.ts";
import { Tensor } from "./tensor.ts";

/** Parameters, states, batches: a tensor, or a list or record of trees. */
export type Tree = Tensor | readonly Tree[] | { readonly [name: string]: Tree };

/** A tree taken apart: its tensors in a fixed order, where each stood, and the way back. */
export interface FlatTree<T extends Tree> {
  readonly leaves: Tensor[];
  /** Place of each leaf, as in `experts.w1` or `layers.0.bias`; empty for a bare tensor. */
  readonly paths: string[];
  /** The same tree with other leaves. */
  readonly unflatten: (leaves: readonly Tensor[]) => T;
}

/**
 * Takes a tree apart; records are read in alphabetical order of their names, lists in order.
 *
 * @throws ShapeError when something in the tree is neither a tensor, a list nor a record
 */
export function flattenTree<T extends Tree>(tree: T): FlatTree<T> {
  const leaves: Tensor[] = [];
  const paths: string[] = [];
  collect(tree, "", leaves, paths);
  return {
    leaves,
    paths,
    unflatten(replacements) {
      if (replacements.length !== leaves.length) {
        throw new ShapeError("unflatten", `expected ${leaves.length} leaves, received ${replacements.length}`);
      }
      let next = 0;
      return rebuild(tree, () => replacements[next++]!) as T;
    },
  };
}

/**
 * Applies a function to each leaf, together with the leaves at the same places of further trees.
 *
 * @throws ShapeError when the trees have different leaves
 */
export function mapTree<T extends Tree>(
  f: (leaf: Tensor, ...others: Tensor[]) => Tensor,
  tree: T,
  ...rest: readonly Tree[]
): T {
  const first = flattenTree(tree);
  const others = rest.map((other) => {
    const flat = flattenTree(other);
    const stray =
      flat.paths.find((path, index) => path !== first.paths[index]) ??
      (flat.paths.length === first.paths.length ? undefined : first.paths[flat.paths.length]);
    if (stray !== undefined) {
      throw new ShapeError("mapTree", `expected trees with the same leaves, received a difference at "${stray}"`);
    }
    return flat.leaves;
  });
  return first.unflatten(first.leaves.map((leaf, index) => f(leaf, ...others.map((leaves) => leaves[index]!))));
}

/** Number of elements in all leaves; a tensor that stands in several places counts once. */
export function countParameters(tree: Tree): number {
  const distinct = new Map(flattenTree(tree).leaves.map((leaf) => [leaf.values ?? leaf, leaf.size]));
  return [...distinct.values()].reduce((total, size) => total + size, 0);
}

function collect(tree: Tree, path: string, leaves: Tensor[], paths: string[]): void {
  if (tree instanceof Tensor) {
    leaves.push(tree);
    paths.push(path);
    return;
  }
  if (typeof tree !== "object" || tree === null || ArrayBuffer.isView(tree)) {
    const place = path === "" ? "at its root" : `at "${path}"`;
    throw new ShapeError("tree", `expected tensors, lists and records, received ${describe(tree)} ${place}`);
  }
  const prefix = path === "" ? "" : `${path}.`;
  for (const [name, child] of children(tree)) collect(child, prefix + name, leaves, paths);
}

function rebuild(tree: Tree, next: () => Tensor): Tree {
  if (tree instanceof Tensor) return next();
  if (Array.isArray(tree)) return tree.map((child: Tree) => rebuild(child, next));
  const built = new Map(children(tree).map(([name, child]) => [name, rebuild(child, next)]));
  return Object.fromEntries(Object.keys(tree).map((name) => [name, built.get(name)!]));
}

function children(tree: Exclude<Tree, Tensor>): [string, Tree][] {
  if (Array.isArray(tree)) return tree.map((child: Tree, index) => [String(index), child]);
  return Object.entries(tree).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

const describe = (value: unknown): string =>
  ArrayBuffer.isView(value) ? value.constructor.name : value === null ? "null" : typeof value;
