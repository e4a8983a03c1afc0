import { decode, dequantize, quantize } from "@ganglion/int8";
import type { Entry, Metadata } from "@ganglion/int8";
import { FormatError } from "@ganglion/neurons";

/** Entries of a file of this folder's models, by name. */
export interface Parts {
  readonly metadata: Metadata;
  bytes(this: void, name: string): Uint8Array;
  values(this: void, name: string): Float32Array;
}

/** A list of bytes for a container. */
export function bytesEntry(name: string, data: Uint8Array): Entry {
  return { kind: "raw", name, shape: [data.length], dtype: "uint8", data };
}

/** A list of weights as int8 codes with one scale. */
export function codesEntry(name: string, values: Float32Array): Entry {
  return { kind: "int8", name, ...quantize(values, [values.length]) };
}

/**
 * Opens a container of one of these models.
 *
 * @throws CodecError when it is damaged, FormatError when it is of another kind or lacks a part
 */
export function openParts(file: Uint8Array, format: string): Parts {
  const { entries, metadata } = decode(file);
  if (metadata["format"] !== format) {
    throw new FormatError(
      "decode",
      "format",
      `expected ${format}, received ${JSON.stringify(metadata["format"] ?? "nothing")}`,
    );
  }
  const find = (name: string): Entry => {
    const entry = entries.find((candidate) => candidate.name === name);
    if (entry === undefined) throw new FormatError("decode", name, `expected an entry called ${name}, received none`);
    return entry;
  };
  return {
    metadata,
    bytes(name) {
      const entry = find(name);
      if (entry.kind === "raw" && entry.dtype === "uint8") return entry.data as Uint8Array;
      throw new FormatError("decode", name, `expected bytes called ${name}, received ${entry.kind}`);
    },
    values(name) {
      const entry = find(name);
      if (entry.kind === "int8") return dequantize(entry);
      throw new FormatError("decode", name, `expected int8 codes called ${name}, received ${entry.kind}`);
    },
  };
}

/**
 * Ascending whole numbers as bytes: each as what it adds to the one before, in sevens of bits, the lowest first.
 *
 * @param numbers ascending, from 0 to 2^53
 */
export function packAscending(numbers: readonly number[]): Uint8Array {
  const bytes: number[] = [];
  let last = 0;
  for (const number of numbers) {
    let gap = number - last;
    for (; gap >= 128; gap = Math.floor(gap / 128)) bytes.push(128 + (gap % 128));
    bytes.push(gap);
    last = number;
  }
  return Uint8Array.from(bytes);
}

/** The numbers of {@link packAscending}. @throws FormatError when the bytes end within a number, or it is too large */
export function unpackAscending(bytes: Uint8Array): number[] {
  const numbers: number[] = [];
  let [gap, place, last] = [0, 1, 0];
  for (const byte of bytes) {
    gap += (byte % 128) * place;
    if (byte >= 128) {
      place *= 128;
      if (place > 2 ** 49)
        throw new FormatError("decode", "numbers", "expected numbers below 2^53, received a larger one");
      continue;
    }
    last += gap;
    if (last > Number.MAX_SAFE_INTEGER)
      throw new FormatError("decode", "numbers", "expected numbers below 2^53, received a larger one");
    numbers.push(last);
    [gap, place] = [0, 1];
  }
  if (place !== 1) throw new FormatError("decode", "numbers", "expected whole numbers, received the beginning of one");
  return numbers;
}
