import { crc32 } from "node:zlib";

/** Little-endian bytes of one number, `u4(258)` being [2, 1, 0, 0]. */
export const u2 = (value: number): number[] => [value & 255, value >>> 8];
export const u4 = (value: number): number[] => [...u2(value & 0xffff), ...u2(value >>> 16)];
export const f4 = (value: number): number[] => [...new Uint8Array(Float32Array.of(value).buffer)];
export const utf8 = (text: string): number[] => [...new TextEncoder().encode(text)];
/** A name as headers hold it. */
export const named = (text: string): number[] => [utf8(text).length, ...utf8(text)];

/** What a hand-made container says; whatever is left out is right. */
export interface Forgery {
  readonly version?: number;
  readonly length?: readonly [low: number, high: number];
  readonly headerLength?: number;
  readonly header: readonly number[];
  readonly payload?: readonly number[];
}

/** A container made by hand, sharing no code with the package, whose checksum is right whatever else is wrong. */
export function forge({ version = 1, length, headerLength, header, payload = [] }: Forgery): Uint8Array<ArrayBuffer> {
  const [low, high] = length ?? [28 + header.length + payload.length, 0];
  const lengths = [u4(low), u4(high), u4(headerLength ?? header.length)].flat();
  return seal([MAGIC, u4(version), lengths, header, payload, u4(0)].flat());
}

const MAGIC = [0x89, 0x47, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** A copy of a file whose last four bytes are the checksum of the rest. */
export function seal(file: Iterable<number>): Uint8Array<ArrayBuffer> {
  const sealed = Uint8Array.from(file);
  const end = sealed.length - 4;
  new DataView(sealed.buffer).setUint32(end, crc32(sealed.subarray(0, end)), true);
  return sealed;
}
