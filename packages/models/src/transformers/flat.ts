import { flattenTree, fromData } from "@ganglion/tensor";
import type { Tree } from "@ganglion/tensor";

/** Float64 parameters out of a flat list, in the order and the shapes of others. */
export function parametersFrom<Params extends Tree>(like: Params, flat: ArrayLike<number>): Params {
  const { leaves, unflatten } = flattenTree(like);
  const values = Float64Array.from(flat);
  let at = 0;
  return unflatten(leaves.map(({ shape, size }) => fromData(values.slice(at, (at += size)), shape)));
}

/** Parameters as a flat list, in the order of `flattenTree`. */
export function flatFrom(params: Tree): Float64Array<ArrayBuffer> {
  return Float64Array.from(flattenTree(params).leaves.flatMap(({ data }) => Array.from(data)));
}
