import { fromData } from "@ganglion/tensor";
import type { DType, Tensor } from "@ganglion/tensor";
import { LONGEST_HEADER, METADATA, PREFIX, SafetensorsError, dtypes } from "./format.ts";
import { turned } from "./write.ts";
import type { Metadata } from "./write.ts";

/** What a file holds. */
export interface Safetensors {
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly metadata: Metadata;
}

/** One tensor as the header describes it. */
interface Described {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/**
 * Reads a safetensors file.
 *
 * @throws SafetensorsError unless the bytes are whole: a header of JSON that describes every byte behind it exactly once, in
 *   element types that tensors have
 * @see https://github.com/huggingface/safetensors
 */
export function readSafetensors(bytes: Uint8Array): Safetensors {
  const { header, start } = headerOf(bytes);
  const described = Object.entries(header)
    .filter(([name]) => name !== METADATA)
    .map(([name, entry]) => describedBy(name, entry))
    .toSorted((a, b) => a.begin - b.begin || a.end - b.end);
  let at = 0;
  for (const { name, begin, end } of described) {
    if (begin !== at)
      throw new SafetensorsError(`expected its numbers to begin at byte ${at}, received ${begin}`, name);
    at = end;
  }
  const held = bytes.length - start;
  if (at !== held) throw new SafetensorsError(`expected ${at} bytes of numbers, received ${held}. Is the file whole?`);
  const tensors = described.map(({ name, dtype, shape, begin, end }): [string, Tensor] => {
    const data = turned(new Uint8Array(bytes.subarray(start + begin, start + end)), dtypes[dtype].bytes);
    return [name, fromData(viewOf(dtype, data.buffer), shape)];
  });
  return { tensors: Object.fromEntries(tensors), metadata: metadataOf(header[METADATA]) };
}

function headerOf(bytes: Uint8Array): { readonly header: Readonly<Record<string, unknown>>; readonly start: number } {
  if (bytes.length < PREFIX) {
    throw new SafetensorsError(`expected at least ${PREFIX} bytes, received ${bytes.length}. Is the file whole?`);
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  const most = Math.min(LONGEST_HEADER, bytes.length - PREFIX);
  if (length > most) throw new SafetensorsError(`expected a header of at most ${most} bytes, received ${length}`);
  const start = PREFIX + Number(length);
  const header = parsed(bytes.subarray(PREFIX, start));
  if (!isRecord(header)) throw new SafetensorsError("expected a header that is a JSON object");
  return { header, start };
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw new SafetensorsError("expected a header of JSON. Is it a safetensors file?");
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isLengths = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((each) => Number.isSafeInteger(each) && each >= 0);

function describedBy(name: string, entry: unknown): Described {
  const { dtype: type, shape, data_offsets: offsets } = isRecord(entry) ? entry : {};
  const dtype = (Object.keys(dtypes) as DType[]).find((known) => dtypes[known].name === type);
  if (dtype === undefined) {
    const known = Object.values(dtypes).map((each) => each.name);
    throw new SafetensorsError(
      `expected one of ${known.join(", ")}, received ${JSON.stringify(type)}. Convert it to F32?`,
      name,
    );
  }
  if (!isLengths(shape)) throw new SafetensorsError(`expected a shape, received ${JSON.stringify(shape)}`, name);
  if (!isLengths(offsets) || offsets.length !== 2) {
    throw new SafetensorsError(`expected two data_offsets, received ${JSON.stringify(offsets)}`, name);
  }
  const [begin, end] = offsets as [number, number];
  const wanted = shape.reduce((product, length) => product * length, dtypes[dtype].bytes);
  if (end - begin !== wanted) {
    throw new SafetensorsError(
      `expected ${wanted} bytes for ${dtype} [${shape.join(", ")}], received ${end - begin}`,
      name,
    );
  }
  return { name, dtype, shape, begin, end };
}

function metadataOf(entry: unknown): Metadata {
  if (entry === undefined) return {};
  if (isRecord(entry) && Object.values(entry).every((text) => typeof text === "string")) return entry as Metadata;
  throw new SafetensorsError("expected texts by name", METADATA);
}

function viewOf(dtype: DType, buffer: ArrayBuffer): Parameters<typeof fromData>[0] {
  switch (dtype) {
    case "float64":
      return new Float64Array(buffer);
    case "float32":
      return new Float32Array(buffer);
    case "int32":
      return new Int32Array(buffer);
    case "uint8":
      return new Uint8Array(buffer);
    case "int8":
      return new Int8Array(buffer);
  }
}
