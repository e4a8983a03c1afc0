import { bytesOf, littleEndian } from "./bytes.ts";
import { openContainer } from "./envelope.ts";
import type { Entry, Metadata, RawData, RawDType } from "./entry.ts";
import { CODES_LONG, CODES_SHORT, RAW } from "./layout.ts";
import { limits } from "./limits.ts";
import type { Reader } from "./reader.ts";
import { fitsTwoBytes } from "./scale.ts";
import { channelCount, sizeOf } from "./shape.ts";

/** What a file holds. */
export interface Decoded {
  /** In the order of the file; they share no memory with it. */
  readonly entries: readonly Entry[];
  readonly metadata: Metadata;
}

/**
 * Reads what `encode` wrote, and refuses everything else: an accepted file is byte for byte what `encode` writes for its
 * content. No size in the file is trusted before it is checked, and less than three times the file is allocated.
 *
 * @param bytes the whole file; left untouched
 * @throws CodecError with the byte offset: `webPage`, `magic`, `version`, `truncated`, `trailing`, `checksum`, and for files
 *   whose checksum is right but whose content is not: `header`, `limit`, `name`, `shape`, `value`
 */
export function decode(bytes: Uint8Array): Decoded {
  const file = bytesOf(bytes);
  const { header, payload } = openContainer(file);
  const metadata = readMetadata(header);
  const heads = readHeads(header);
  header.finish("header");
  const entries = heads.map((head) => readPayload(head, payload));
  payload.finish("payload");
  return { entries, metadata };
}

function readMetadata(header: Reader): Metadata {
  const count = header.count("pairs of metadata", limits.metadata);
  const pairs: [string, string][] = [];
  for (let i = 0; i < count; i++) {
    const at = header.at;
    const key = header.name();
    const previous = pairs.at(-1)?.[0];
    if (previous !== undefined && key <= previous) {
      throw header.refuse("name", "metadata keys in ascending order", `${quote(key)} after ${quote(previous)}`, at);
    }
    pairs.push([key, header.text(header.integer(4, "the length of a text"), "a text")]);
  }
  return Object.fromEntries(pairs);
}

interface Head {
  readonly name: string;
  readonly kind: number;
  readonly shape: readonly number[];
  readonly size: number;
  readonly axes: readonly number[];
}

function readHeads(header: Reader): Head[] {
  const count = header.count("entries", limits.entries);
  const names = new Set<string>();
  const heads: Head[] = [];
  for (let i = 0; i < count; i++) {
    const at = header.at;
    const name = header.name();
    if (names.has(name)) throw header.refuse("name", "different names", `${quote(name)} twice`, at);
    names.add(name);
    const kindAt = header.at;
    const kind = header.integer(1, "a kind");
    if (kind >= RAW.length && kind !== CODES_SHORT && kind !== CODES_LONG) {
      throw header.refuse("header", "a known kind of entry", `${kind}`, kindAt);
    }
    const rankAt = header.at;
    const rank = header.integer(1, "a rank");
    if (rank > limits.rank) throw header.refuse("limit", `at most ${limits.rank} axes`, `${rank}`, rankAt);
    const shape = Array.from({ length: rank }, () => header.integer(4, "the length of an axis"));
    const size = sizeOf("decode", shape, rankAt);
    heads.push({ name, kind, shape, size, axes: kind < RAW.length ? [] : readAxes(header, rank) });
  }
  return heads;
}

function readAxes(header: Reader, rank: number): number[] {
  const at = header.at;
  const bits = header.integer(2, "the axes of scales");
  if (bits >= 2 ** rank) throw header.refuse("shape", `axes below ${rank}`, `the bits ${bits.toString(2)}`, at);
  return Array.from({ length: rank }, (_, axis) => axis).filter((axis) => (bits >> axis) & 1);
}

function readPayload({ name, kind, shape, size, axes }: Head, payload: Reader): Entry {
  const raw = RAW[kind];
  if (raw !== undefined) {
    const bytes = payload.copy(size * raw.bytes, `the values of ${quote(name)}`);
    littleEndian(bytes, raw.bytes);
    return { name, kind: "raw", shape, dtype: raw.dtype, data: rawData(raw.dtype, bytes.buffer) };
  }
  const scales = readScales(payload, channelCount(shape, axes), kind, name);
  const at = payload.at;
  const codes = new Int8Array(payload.copy(size, `the codes of ${quote(name)}`).buffer);
  const lowest = codes.indexOf(-128);
  if (lowest >= 0) throw payload.refuse("value", `codes from -127 to 127 in ${quote(name)}`, "-128", at + lowest);
  return { name, kind: "int8", shape, axes, codes, scales };
}

function readScales(payload: Reader, count: number, kind: number, name: string): Float32Array<ArrayBuffer> {
  const width = kind === CODES_SHORT ? 2 : 4;
  const at = payload.at;
  const bytes = payload.copy(count * width, `the scales of ${quote(name)}`);
  const view = new DataView(bytes.buffer);
  const bits = new Uint32Array(count);
  for (let i = 0; i < count; i++)
    bits[i] = width === 2 ? view.getUint16(i * 2, true) << 16 : view.getUint32(i * 4, true);
  const scales = new Float32Array(bits.buffer);
  const wrong = scales.findIndex((scale) => !(scale > 0 && scale < Infinity));
  if (wrong >= 0) {
    throw payload.refuse("value", `finite scales > 0 in ${quote(name)}`, `${scales[wrong]}`, at + wrong * width);
  }
  if (width === 4 && scales.every(fitsTwoBytes)) {
    throw payload.refuse("header", `a scale of ${quote(name)} that needs four bytes`, "none", at);
  }
  return scales;
}

function rawData(dtype: RawDType, buffer: ArrayBuffer): RawData {
  switch (dtype) {
    case "float32":
      return new Float32Array(buffer);
    case "float64":
      return new Float64Array(buffer);
    case "int32":
      return new Int32Array(buffer);
    case "uint8":
      return new Uint8Array(buffer);
    case "int8":
      return new Int8Array(buffer);
  }
}

function quote(name: string): string {
  return JSON.stringify(name);
}
