import { bytesOf, littleEndian } from "./bytes.ts";
import { crc32 } from "./crc32.ts";
import type { Entry, Metadata } from "./entry.ts";
import { CODES_LONG, CODES_SHORT, RAW } from "./layout.ts";
import { CHECKSUM_BYTES, HEADER_AT, MAGIC, VERSION } from "./layout.ts";
import { fitsTwoBytes } from "./scale.ts";
import { checkEntry, checkHeaderBytes, checkMetadata, checkNames } from "./writable.ts";

/** What a file says besides its entries. */
export interface EncodeConfig {
  /** Texts by key, at most 1,024 pairs; written in ascending order of keys. Default: none. */
  readonly metadata?: Metadata;
}

/**
 * Packs entries into one file: a header, then the values without any padding, then a checksum.
 *
 * @param entries at most 4,096, with different names; their order is kept
 * @returns the bytes of the file, the same for the same content on every machine
 * @throws CodecError naming the entry: `name`, `shape`, `dtype`, `value` (code -128, scale that is not finite and > 0), `limit`
 */
export function encode(entries: readonly Entry[], { metadata = {} }: EncodeConfig = {}): Uint8Array<ArrayBuffer> {
  const pairs = Object.entries(metadata).toSorted(([a], [b]) => (a < b ? -1 : 1));
  checkMetadata(pairs);
  checkNames(entries.map((entry) => entry.name));
  for (const entry of entries) checkEntry(entry);

  const header = new Header();
  header.integer(pairs.length, 2);
  for (const [key, text] of pairs) {
    header.text(key, 1);
    header.text(text, 4);
  }
  header.integer(entries.length, 2);
  for (const entry of entries) {
    header.text(entry.name, 1);
    header.integer(kindOf(entry), 1);
    header.integer(entry.shape.length, 1);
    for (const length of entry.shape) header.integer(length, 4);
    if (entry.kind === "int8") header.integer(axisBits(entry.axes), 2);
  }
  checkHeaderBytes(header.bytes.length);

  const payload = entries.reduce((sum, entry) => sum + payloadBytes(entry), 0);
  const file = new Uint8Array(HEADER_AT + header.bytes.length + payload + CHECKSUM_BYTES);
  const view = new DataView(file.buffer);
  file.set(MAGIC);
  view.setUint32(8, VERSION, true);
  view.setUint32(12, file.length % 2 ** 32, true);
  view.setUint32(16, Math.floor(file.length / 2 ** 32), true);
  view.setUint32(20, header.bytes.length, true);
  file.set(header.bytes, HEADER_AT);
  let at = HEADER_AT + header.bytes.length;
  for (const entry of entries) at = writePayload(file, view, at, entry);
  view.setUint32(at, crc32(file, 0, at), true);
  return file;
}

const encoder = new TextEncoder();

class Header {
  readonly bytes: number[] = [];

  integer(value: number, width: number): void {
    for (let i = 0; i < width; i++) this.bytes.push(Math.floor(value / 256 ** i) % 256);
  }

  text(value: string, width: number): void {
    const bytes = encoder.encode(value);
    this.integer(bytes.length, width);
    for (const byte of bytes) this.bytes.push(byte);
  }
}

function kindOf(entry: Entry): number {
  if (entry.kind === "raw") return RAW.findIndex((raw) => raw.dtype === entry.dtype);
  return entry.scales.every(fitsTwoBytes) ? CODES_SHORT : CODES_LONG;
}

function axisBits(axes: readonly number[]): number {
  return axes.reduce((bits, axis) => bits | (1 << axis), 0);
}

function payloadBytes(entry: Entry): number {
  if (entry.kind === "raw") return entry.data.byteLength;
  return entry.codes.length + entry.scales.length * (kindOf(entry) === CODES_SHORT ? 2 : 4);
}

function writePayload(file: Uint8Array, view: DataView, start: number, entry: Entry): number {
  if (entry.kind === "raw") {
    file.set(bytesOf(entry.data), start);
    littleEndian(file.subarray(start, start + entry.data.byteLength), entry.data.BYTES_PER_ELEMENT);
    return start + entry.data.byteLength;
  }
  let at = start;
  if (kindOf(entry) === CODES_SHORT) {
    const upper = new Uint32Array(Float32Array.from(entry.scales).buffer);
    for (const bits of upper) {
      view.setUint16(at, bits >>> 16, true);
      at += 2;
    }
  } else {
    for (const scale of entry.scales) {
      view.setFloat32(at, scale, true);
      at += 4;
    }
  }
  file.set(bytesOf(entry.codes), at);
  return at + entry.codes.length;
}
