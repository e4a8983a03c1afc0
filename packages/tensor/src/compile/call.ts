import { CompileError, show } from "../errors.ts";
import type { Key } from "../key.ts";
import { Tensor } from "../tensor.ts";
import { flattenTree } from "../tree.ts";
import type { Tree } from "../tree.ts";

/** What a compiled step may be given: trees of tensors, and keys. */
export type Argument = Tree | Key;

/** Arguments of a step, taken apart. */
export interface Call<Arguments extends readonly Argument[]> {
  readonly inputs: Arguments;
  readonly leaves: readonly Tensor[];
  readonly keys: readonly Key[];
  /** Structure, shapes and dtypes in one word. */
  readonly signature: string;
  /** Arguments of the same structure with other tensors. */
  readonly rebuild: (leaves: readonly Tensor[]) => Arguments;
}

/** @throws CompileError when something is neither a tree of tensors nor a key */
export function takeApart<Arguments extends readonly Argument[]>(inputs: Arguments): Call<Arguments> {
  const leaves: Tensor[] = [];
  const keys: Key[] = [];
  const rebuilders: ((values: readonly Tensor[]) => Argument)[] = [];
  let signature = "";
  for (const input of inputs) {
    if (isKey(input)) {
      keys.push(input);
      rebuilders.push(() => input);
      signature += "key;";
      continue;
    }
    if (typeof input !== "object" || input === null) {
      const repair = typeof input === "number" ? ` Use tensor(${String(input)})?` : "";
      throw new CompileError(
        "compile",
        `expected trees of tensors and keys as arguments, received ${typeof input}.${repair}`,
      );
    }
    const flat = flattenTree(input);
    const start = leaves.length;
    rebuilders.push((values) => flat.unflatten(values.slice(start, start + flat.leaves.length)));
    flat.leaves.forEach((leaf, index) => {
      leaves.push(leaf);
      signature += `${flat.paths[index]}:${leaf.dtype}${show(leaf.shape)};`;
    });
  }
  const rebuild = (values: readonly Tensor[]): Arguments =>
    rebuilders.map((build) => build(values)) as unknown as Arguments;
  return { inputs, leaves, keys, signature, rebuild };
}

export const isKey = (input: Argument): input is Key =>
  typeof input === "object" &&
  !(input instanceof Tensor) &&
  "low" in input &&
  "high" in input &&
  typeof input.low === "number" &&
  typeof input.high === "number";
