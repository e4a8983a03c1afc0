import { flattenTree } from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";
import type { TransformerAdder } from "../adder.ts";
import { SafetensorsError } from "./format.ts";
import { readSafetensors } from "./read.ts";
import { writeSafetensors } from "./write.ts";

/**
 * Weights of an adder as a safetensors file, after everything that is tied, turned or thin was written out; the numbers are
 * those that it computes with, bit for bit. A tensor is named by where it stands, as in `layers.0.query`.
 */
export function exportWeights({ name, weights }: TransformerAdder): Uint8Array<ArrayBuffer> {
  const { leaves, paths } = flattenTree(weights);
  return writeSafetensors(Object.fromEntries(paths.map((path, index) => [path, leaves[index]!])), { model: name });
}

/**
 * The same adder with weights from a safetensors file.
 *
 * @param adder gives plan, tokeniser and shapes
 * @throws SafetensorsError when the bytes are no such file, or a tensor is missing, unknown, or of another shape or type
 */
export function importWeights(adder: TransformerAdder, bytes: Uint8Array): TransformerAdder {
  const { tensors } = readSafetensors(bytes);
  const { leaves, paths, unflatten } = flattenTree(adder.weights);
  const stranger = Object.keys(tensors).find((name) => !paths.includes(name));
  if (stranger !== undefined)
    throw new SafetensorsError(`expected a tensor of ${adder.name}, found one that it lacks`, stranger);
  const found = paths.map((path, index) => {
    const [own, given] = [leaves[index]!, Object.hasOwn(tensors, path) ? tensors[path] : undefined];
    if (given !== undefined && described(given) === described(own)) return given;
    const received = given === undefined ? "none" : described(given);
    throw new SafetensorsError(`expected ${described(own)} for ${adder.name}, received ${received}`, path);
  });
  return { ...adder, weights: unflatten(found) };
}

const described = ({ dtype, shape }: Tensor): string => `${dtype} [${shape.join(", ")}]`;
