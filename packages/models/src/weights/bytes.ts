import { decode, dequantize, encode, quantize } from "@ganglion/int8";
import type { Entry } from "@ganglion/int8";
import { flattenTree, fromData, key } from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";
import { fakeQuantize } from "@ganglion/train";
import type { Adder, AdderParams } from "../adder/adder.ts";
import { WeightsError } from "./errors.ts";

/** How weights are written: bit for bit, or as int8 codes with a scale per channel, or per tensor. */
export type Precision = "float32" | "int8" | "int8-per-tensor";

/**
 * Writes parameters as a container file.
 *
 * As int8, every output channel of the experts, of the router and of the read-out has a scale of its own, and every row of
 * the tables; of the biases, only the experts' are codes.
 *
 * @param config levels: largest int8 code, from 1 to 127. Default 127
 */
export function encodeWeights(
  adder: Adder,
  params: AdderParams,
  { precision, levels = 127 }: { readonly precision: Precision; readonly levels?: number | undefined },
): Uint8Array<ArrayBuffer> {
  const { leaves, paths } = flattenTree(params);
  const entries = leaves.map((leaf, index) => entryOf(paths[index]!, leaf, precision, levels));
  return encode(entries, { metadata: { model: adder.config.name } });
}

/** The parameters as they come back from an int8 file of so many levels; gradients pass straight through. */
export function fakeQuantized(params: AdderParams, levels: number): AdderParams {
  const { leaves, paths, unflatten } = flattenTree(params);
  return unflatten(
    leaves.map((leaf, index) =>
      leaf.shape.length === 1 ? leaf : fakeQuantize(leaf, { axis: channelAxes(paths[index]!), levels }),
    ),
  );
}

/**
 * Reads parameters from a container file.
 *
 * @throws CodecError when the bytes are not an intact container
 * @throws WeightsError when it holds the weights of another model
 */
export function decodeWeights(adder: Adder, bytes: Uint8Array): AdderParams {
  const { entries, metadata } = decode(bytes);
  const { name } = adder.config;
  const model = metadata["model"] ?? "nothing in particular";
  if (model !== name) throw new WeightsError(name, `expected weights of ${name}, received those of ${model}`);
  const template = flattenTree(adder.init(key(0)));
  const found = new Map(entries.map((entry) => [entry.name, entry]));
  const leaves = template.leaves.map((leaf, index) => {
    const path = template.paths[index]!;
    const entry = found.get(path);
    const shape = JSON.stringify(leaf.shape);
    if (entry === undefined || JSON.stringify(entry.shape) !== shape) {
      const received = entry === undefined ? "none" : JSON.stringify(entry.shape);
      throw new WeightsError(name, `expected weights ${path} of shape ${shape}, received ${received}`);
    }
    return fromData(valuesOf(entry), leaf.shape);
  });
  return template.unflatten(leaves);
}

function entryOf(name: string, { data, shape }: Tensor, precision: Precision, levels: number): Entry {
  const values = Float32Array.from(data);
  if (precision === "float32" || shape.length === 1)
    return { kind: "raw", name, shape, dtype: "float32", data: values };
  const axis = precision === "int8" ? channelAxes(name) : [];
  return { kind: "int8", name, ...quantize(values, shape, { axis, levels }) };
}

function valuesOf(entry: Entry): Float32Array<ArrayBuffer> {
  return entry.kind === "int8" ? dequantize(entry) : Float32Array.from(entry.data);
}

/** Axes along which each index has a scale of its own. */
function channelAxes(path: string): readonly number[] {
  if (/\.w[12]$/u.test(path)) return [0, 2];
  return path.endsWith(".weight") ? [1] : [0];
}
