// A container, little-endian throughout, without padding and without offsets, so that nothing can overlap:
//
//   0   magic          8 bytes
//   8   version        uint32, 1
//   12  length         uint64, of the whole file
//   20  header length  uint32, at most 1 MiB
//   24  header         uint16 pairs of metadata, each: uint8 length, key, uint32 length, text (keys ascending)
//                      uint16 entries, each: uint8 length, name, uint8 kind, uint8 rank, uint32 lengths,
//                      and for codes uint16 axes, one bit each
//   ..  payload        entry after entry: raw values, or scales and then codes
//   -4  checksum       uint32, CRC-32 of all bytes before it
//
// Every value has one spelling: a file that decode accepts is byte for byte what encode writes for its content.
import type { RawDType } from "./entry.ts";

/** A high byte, a name and both line ends, so that text-mode transfers damage it visibly (as PNG does). */
export const MAGIC: readonly number[] = [0x89, 0x47, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
export const VERSION = 1;
export const HEADER_AT = 24;
export const CHECKSUM_BYTES = 4;

/** The kind byte of codes whose scales all have 8 significant bits, and take two bytes each. */
export const CODES_SHORT = 16;
/** The kind byte of codes with at least one scale that needs all four bytes. */
export const CODES_LONG = 17;

/** What the kind byte of raw values means, by its value. */
export const RAW: readonly { readonly dtype: RawDType; readonly bytes: number }[] = [
  { dtype: "float32", bytes: 4 },
  { dtype: "float64", bytes: 8 },
  { dtype: "int32", bytes: 4 },
  { dtype: "uint8", bytes: 1 },
  { dtype: "int8", bytes: 1 },
];
