import { flattenTree, Tensor } from "@ganglion/tensor";
import type { Tree } from "@ganglion/tensor";

/** A tree with its tensors replaced by their numbers, so that lists, records and empty ones survive a file. */
export type Structure = number | readonly Structure[] | { readonly [name: string]: Structure };

/** Takes a tree apart; records in alphabetical order, as `flattenTree` has them. */
export function dismantle(tree: Tree): { structure: Structure; leaves: readonly Tensor[]; paths: readonly string[] } {
  const { leaves, paths } = flattenTree(tree);
  let next = 0;
  const walk = (part: Tree): Structure => {
    if (part instanceof Tensor) return next++;
    if (Array.isArray(part)) return part.map((child: Tree) => walk(child));
    const pairs = Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(pairs.map(([name, child]) => [name, walk(child)]));
  };
  return { structure: walk(tree), leaves, paths };
}

/**
 * Puts a tree together again.
 *
 * @param structure anything that was parsed from a file
 * @throws Error when it does not name each leaf exactly once
 */
export function assemble(structure: unknown, leaves: readonly Tensor[]): Tree {
  const unused = new Set(leaves.keys());
  const walk = (part: unknown): Tree => {
    if (typeof part === "number") {
      if (!unused.delete(part)) throw new Error(`its structure names leaf ${part} twice or has no such leaf`);
      return leaves[part]!;
    }
    if (Array.isArray(part)) return part.map((child: unknown) => walk(child));
    if (typeof part !== "object" || part === null) throw new Error("its structure holds something else than leaves");
    return Object.fromEntries(Object.entries(part).map(([name, child]) => [name, walk(child)]));
  };
  const tree = walk(structure);
  if (unused.size > 0) throw new Error(`its structure leaves out ${unused.size} of ${leaves.length} leaves`);
  return tree;
}
