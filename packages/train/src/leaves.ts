import { DTypeError, flattenTree, fromData, mapTree, ShapeError, zeros } from "@ganglion/tensor";
import type { Tensor, Tree } from "@ganglion/tensor";

/** Storage of a float leaf. */
type Floats = Float32Array | Float64Array;

/** Rounds one arithmetic operation to the precision of a leaf: `Math.fround`, or nothing for float64. */
type Round = (value: number) => number;

/** One loop over a leaf: reads the inputs' elements and writes every element of the outputs. */
export type LeafLoop<Input extends string, Output extends string> = (
  inputs: Readonly<Record<Input, Floats>>,
  outputs: Readonly<Record<Output, Floats>>,
  round: Round,
) => void;

/**
 * Runs a loop once per leaf over trees of one structure, side by side, and returns new trees.
 *
 * Every operation in `loop` is rounded by `round`, so that float32 leaves come out as single-precision hardware would
 * compute them, in any engine.
 *
 * @param inputs trees by name; all have the structure of the first
 * @param outputs names of the trees to be made
 * @throws ShapeError when a tree differs in structure or shape; DTypeError when in dtype, or when a leaf is not float
 */
export function leafwise<Input extends string, Output extends string>(
  operation: string,
  inputs: Readonly<Record<Input, Tree>>,
  outputs: readonly Output[],
  loop: LeafLoop<Input, Output>,
): Record<Output, Tree> {
  const names = Object.keys(inputs) as Input[];
  const flat = names.map((name) => flattenTree(inputs[name]));
  const [first] = flat;
  for (const [position, { paths }] of flat.entries()) checkPaths(operation, names[position]!, first!.paths, paths);
  const results = outputs.map((): Tensor[] => []);
  first!.leaves.forEach((leaf, index) => {
    for (const [position, { leaves, paths }] of flat.entries()) {
      checkLeaf(operation, names[position]!, paths[index]!, leaf, leaves[index]!);
    }
    const data = Object.fromEntries(names.map((name, position) => [name, flat[position]!.leaves[index]!.data]));
    const made = Object.fromEntries(outputs.map((name) => [name, allocateLike(leaf)]));
    loop(data as Record<Input, Floats>, made as Record<Output, Floats>, leaf.dtype === "float32" ? Math.fround : exact);
    outputs.forEach((name, position) => results[position]!.push(fromData(made[name]!, leaf.shape)));
  });
  return Object.fromEntries(outputs.map((name, position) => [name, first!.unflatten(results[position]!)])) as Record<
    Output,
    Tree
  >;
}

/** Zeros in the structure, shapes and dtypes of a tree. */
export const zerosLike = (tree: Tree): Tree => mapTree((leaf) => zeros(leaf.shape, leaf.dtype), tree);

const exact: Round = (value) => value;

const allocateLike = (leaf: Tensor): Floats =>
  leaf.dtype === "float32" ? new Float32Array(leaf.size) : new Float64Array(leaf.size);

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
