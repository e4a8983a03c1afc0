import type { Tensor } from "@ganglion/tensor";
import { METADATA, PREFIX, SafetensorsError, dtypes } from "./format.ts";

/** Texts by name. */
export type Metadata = Readonly<Record<string, string>>;

/**
 * Writes named tensors as a safetensors file: the length of a JSON header, the header, and the numbers, little-endian.
 *
 * Tensors with the widest elements come first, then by name, and spaces fill the header up, so that every tensor is aligned.
 *
 * @throws SafetensorsError for a tensor that is called `__metadata__`
 * @see https://github.com/huggingface/safetensors
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Metadata = {},
): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(tensors).toSorted(
    ([a, { dtype: x }], [b, { dtype: y }]) => dtypes[y].bytes - dtypes[x].bytes || (a < b ? -1 : 1),
  );
  let end = 0;
  const described = entries.map(([name, { dtype, shape, size }]) => {
    if (name === METADATA)
      throw new SafetensorsError("expected another name: the format keeps this one for texts", name);
    const begin = end;
    end += size * dtypes[dtype].bytes;
    return [name, { dtype: dtypes[dtype].name, shape, data_offsets: [begin, end] }] as const;
  });
  const texts = Object.keys(metadata).length === 0 ? [] : [[METADATA, metadata] as const];
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries([...texts, ...described])));
  const header = 8 * Math.ceil(json.length / 8);
  const bytes = new Uint8Array(PREFIX + header + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header), true);
  bytes.set(json, PREFIX);
  bytes.fill(0x20, PREFIX + json.length, PREFIX + header);
  let at = PREFIX + header;
  for (const [, { data }] of entries) {
    bytes.set(littleEndian(data), at);
    at += data.byteLength;
  }
  return bytes;
}

/** Bytes of numbers, lowest first on any machine. */
function littleEndian(data: Tensor["data"]): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  return turned(bytes, data.BYTES_PER_ELEMENT);
}

/** The same bytes; where the machine puts the highest first, turned round within each element. */
export function turned(bytes: Uint8Array<ArrayBuffer>, width: number): Uint8Array<ArrayBuffer> {
  if (new Uint8Array(Uint16Array.of(1).buffer)[0] === 1) return bytes;
  for (let at = 0; at < bytes.length; at += width) bytes.subarray(at, at + width).reverse();
  return bytes;
}
