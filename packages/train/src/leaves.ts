import {
  add,
  cast,
  customOperation,
  DTypeError,
  flattenTree,
  mapTree,
  reshape,
  ShapeError,
  tensor,
  zeros,
} from "@ganglion/tensor";
import type { Tensor, Tree } from "@ganglion/tensor";

/**
 * Applies one function to the leaves of trees of one structure, side by side, and returns new trees.
 *
 * @param inputs trees by name; all have the structure of the first
 * @param outputs names of the trees to be made
 * @param update from the leaves at one path to those of the new trees
 * @throws ShapeError when a tree differs in structure or shape; DTypeError when in dtype, or when a leaf is not float
 */
export function leafwise<Input extends string, Output extends string>(
  operation: string,
  inputs: Readonly<Record<Input, Tree>>,
  outputs: readonly Output[],
  update: (leaves: Readonly<Record<Input, Tensor>>) => Readonly<Record<Output, Tensor>>,
): Record<Output, Tree> {
  const names = Object.keys(inputs) as Input[];
  const flat = names.map((name) => flattenTree(inputs[name]));
  const [first] = flat;
  for (const [position, { paths }] of flat.entries()) checkPaths(operation, names[position]!, first!.paths, paths);
  const made = first!.leaves.map((leaf, index) => {
    for (const [position, { leaves, paths }] of flat.entries()) {
      checkLeaf(operation, names[position]!, paths[index]!, leaf, leaves[index]!);
    }
    const own = Object.fromEntries(names.map((name, position) => [name, flat[position]!.leaves[index]!]));
    return update(own as Record<Input, Tensor>);
  });
  const trees = outputs.map((name) => [name, first!.unflatten(made.map((leaf) => leaf[name]))]);
  return Object.fromEntries(trees) as Record<Output, Tree>;
}

/** Number of the update after `count` of them, int32 scalar. */
export const nextCount = (count: Tensor): Tensor => add(count, tensor(1, "int32"));

/**
 * Numbers that depend on how many updates there were, such as a learning rate; a compiled step asks for them anew each
 * time it runs.
 *
 * @param count int32 scalar
 * @param numbersAt the numbers of an update
 * @param length how many
 * @returns float64 `[length]`
 */
export function numbersOf(count: Tensor, length: number, numbersAt: (step: number) => readonly number[]): Tensor {
  const scheduled = customOperation(
    "schedule",
    () => ({ shape: [length], dtype: "float64" }),
    ([step], out) => out.set(numbersAt(step![0]!)),
  );
  return scheduled(count);
}

/** The first of such numbers, in the dtype of a leaf. */
export const scalarLike = (numbers: Tensor, leaf: Tensor): Tensor => cast(reshape(numbers, []), leaf.dtype);

/** Zeros in the structure, shapes and dtypes of a tree. */
export const zerosLike = (tree: Tree): Tree => mapTree((leaf) => zeros(leaf.shape, leaf.dtype), tree);

const show = ({ dtype, shape }: Tensor): string => `${dtype} [${shape.join(", ")}]`;

function checkPaths(operation: string, name: string, expected: readonly string[], actual: readonly string[]): void {
  const missing = expected.find((path) => !actual.includes(path));
  const extra = actual.find((path) => !expected.includes(path));
  if (missing !== undefined || extra !== undefined) {
    const received = missing === undefined ? `one more leaf at "${extra}"` : `no leaf at "${missing}"`;
    throw new ShapeError(operation, `expected ${name} in the structure of the other trees, received ${received}`);
  }
}

function checkLeaf(operation: string, name: string, path: string, expected: Tensor, leaf: Tensor): void {
  const at = path === "" ? "" : ` at "${path}"`;
  if (leaf.dtype !== "float32" && leaf.dtype !== "float64") {
    throw new DTypeError(operation, `expected float32 or float64 ${name}${at}, received ${leaf.dtype}`);
  }
  if (leaf.dtype !== expected.dtype) {
    throw new DTypeError(operation, `expected ${name} of ${show(expected)}${at}, received ${show(leaf)}`);
  }
  if (leaf.shape.length === expected.shape.length && leaf.shape.every((n, axis) => n === expected.shape[axis])) return;
  throw new ShapeError(operation, `expected ${name} of ${show(expected)}${at}, received ${show(leaf)}`, [
    expected.shape,
    leaf.shape,
  ]);
}
