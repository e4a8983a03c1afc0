// What each nasty file is, and how decode refuses it. `node test/corpus/nasty.ts` writes the files anew.
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { f4, forge, named, seal, u2, u4, utf8 } from "../support/forge.ts";

/** A file that must be refused, and how. */
export interface Nasty {
  /** Name of the file in this folder, without its ending. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly code: string;
  readonly offset: number;
  /** The whole text of the error. */
  readonly message: string;
}

const AUTHOR = "The file was not written by encode: ask its author for a new one.";
const none = u2(0);
const one = u2(1);
const [float32, uint8, short, long] = [0, 3, 16, 17];
/** The header of one entry named "w". */
const entry = (kind: number, shape: readonly number[], axes: readonly number[] = []): number[] =>
  [none, one, named("w"), [kind, shape.length], shape.flatMap(u4), axes].flat();
const sound = forge({ header: entry(uint8, [2]), payload: [7, 9] });
const text = (value: string): Uint8Array => Uint8Array.from(utf8(value));
const changed = (at: number, value: number): Uint8Array => sound.map((byte, i) => (i === at ? value : byte));

/** One line per file: name, bytes, code, offset, text without the operation. */
const table: readonly (readonly [string, Uint8Array, string, number, string])[] = [
  // around the content
  ["empty", new Uint8Array(0), "truncated", 0, "expected at least 32 bytes, received 0. Was the download cut short?"],
  [
    "magic-only",
    sound.slice(0, 8),
    "truncated",
    8,
    "expected at least 32 bytes, received 8. Was the download cut short?",
  ],
  ["cut", sound.slice(0, -1), "truncated", 41, "expected 42 bytes, received 41. Was the download cut short?"],
  ["tail", Uint8Array.of(...sound, 0), "trailing", 42, "expected 42 bytes, received 43. Were two files joined?"],
  [
    "twice",
    Uint8Array.of(...sound, ...sound),
    "trailing",
    42,
    "expected 42 bytes, received 84. Were two files joined?",
  ],
  [
    "web-page",
    text("<!DOCTYPE html><title>404</title>"),
    "webPage",
    0,
    "expected a @ganglion/int8 container, received a web page. Does the address lead to the file itself?",
  ],
  [
    "web-page-bom",
    text("\u{feff}\n <html>"),
    "webPage",
    0,
    "expected a @ganglion/int8 container, received a web page. Does the address lead to the file itself?",
  ],
  [
    "lfs-pointer",
    text("version https://git-lfs.github.com/spec/v1\n"),
    "magic",
    0,
    "expected a @ganglion/int8 container, received a file that starts with 76 65 72 73 69 6f 6e 20. Is it another format?",
  ],
  [
    "line-ends",
    Uint8Array.of(...sound.slice(0, 4), ...sound.slice(5)),
    "magic",
    4,
    "expected a @ganglion/int8 container, received a file that starts with 89 47 4e 47 0a 1a 0a 01. Is it another format?",
  ],
  [
    "version-2",
    forge({ version: 2, header: [...none, ...none] }),
    "version",
    8,
    "expected version 1 of the container, received version 2. Update @ganglion/int8.",
  ],
  [
    "length-2-to-the-64",
    forge({ length: [0xffffffff, 0xffffffff], header: [...none, ...none] }),
    "truncated",
    32,
    "expected 18446744073709552000 bytes, received 32. Was the download cut short?",
  ],
  [
    "length-high-word",
    forge({ length: [32, 1], header: [...none, ...none] }),
    "truncated",
    32,
    "expected 4294967328 bytes, received 32. Was the download cut short?",
  ],
  [
    "bit-flip",
    changed(37, 8),
    "checksum",
    38,
    "expected the checksum bd830c44, received ca843cd2. The file is damaged: fetch it again.",
  ],
  [
    "header-4-gib",
    forge({ headerLength: 0xffffffff, header: [...none, ...none] }),
    "limit",
    20,
    `expected a header of at most 4 bytes, received 4294967295 at byte 20. ${AUTHOR}`,
  ],
  [
    "header-over-the-end",
    forge({ headerLength: 5, header: [...none, ...none] }),
    "header",
    20,
    `expected a header of at most 4 bytes, received 5 at byte 20. ${AUTHOR}`,
  ],
  [
    "header-empty",
    forge({ headerLength: 0, header: [...none, ...none] }),
    "header",
    24,
    `expected 2 bytes for the number of pairs of metadata, received 0 bytes at byte 24. ${AUTHOR}`,
  ],
  [
    "header-too-long",
    forge({ header: [...none, ...none, 0] }),
    "header",
    28,
    `expected the header to end at byte 28, received 29 at byte 28. ${AUTHOR}`,
  ],
  [
    "payload-too-long",
    forge({ header: entry(uint8, [2]), payload: [7, 9, 0] }),
    "header",
    38,
    `expected the payload to end at byte 38, received 39 at byte 38. ${AUTHOR}`,
  ],
  // metadata
  [
    "metadata-count",
    forge({ header: [...u2(1025), ...none] }),
    "limit",
    24,
    `expected at most 1024 pairs of metadata, received 1025 at byte 24. ${AUTHOR}`,
  ],
  [
    "metadata-missing",
    forge({ header: [...one, ...none] }),
    "name",
    26,
    `expected a name of 1 to 255 bytes, received 0 bytes at byte 26. ${AUTHOR}`,
  ],
  [
    "metadata-text-4-gib",
    forge({ header: [...one, ...named("k"), ...u4(0xffffffff), ...none] }),
    "header",
    32,
    `expected 4294967295 bytes for a text, received 2 bytes at byte 32. ${AUTHOR}`,
  ],
  [
    "metadata-not-utf8",
    forge({ header: [...one, ...named("k"), ...u4(2), 0xc0, 0x80, ...none] }),
    "name",
    32,
    `expected a text in UTF-8, received other bytes at byte 32. ${AUTHOR}`,
  ],
  [
    "metadata-twice",
    forge({ header: [...u2(2), ...named("k"), ...u4(0), ...named("k"), ...u4(0), ...none] }),
    "name",
    32,
    `expected metadata keys in ascending order, received "k" after "k" at byte 32. ${AUTHOR}`,
  ],
  [
    "metadata-descending",
    forge({ header: [...u2(2), ...named("b"), ...u4(0), ...named("a"), ...u4(0), ...none] }),
    "name",
    32,
    `expected metadata keys in ascending order, received "a" after "b" at byte 32. ${AUTHOR}`,
  ],
  // names, kinds, shapes
  [
    "entry-count",
    forge({ header: [...none, ...u2(4097)] }),
    "limit",
    26,
    `expected at most 4096 entries, received 4097 at byte 26. ${AUTHOR}`,
  ],
  [
    "entry-missing",
    forge({ header: [...none, ...one] }),
    "header",
    28,
    `expected 1 bytes for the length of a name, received 0 bytes at byte 28. ${AUTHOR}`,
  ],
  [
    "name-empty",
    forge({ header: [...none, ...one, 0, uint8, 0], payload: [1] }),
    "name",
    28,
    `expected a name of 1 to 255 bytes, received 0 bytes at byte 28. ${AUTHOR}`,
  ],
  [
    "name-surrogate",
    forge({ header: [...none, ...one, 3, 0xed, 0xa0, 0x80, uint8, 0], payload: [1] }),
    "name",
    29,
    `expected a name in UTF-8, received other bytes at byte 29. ${AUTHOR}`,
  ],
  [
    "name-over-the-end",
    forge({ header: [...none, ...one, 255, 65] }),
    "header",
    29,
    `expected 255 bytes for a name, received 1 bytes at byte 29. ${AUTHOR}`,
  ],
  [
    "name-twice",
    forge({ header: [...none, ...u2(2), ...named("w"), uint8, 0, ...named("w"), uint8, 0], payload: [1, 2] }),
    "name",
    32,
    `expected different names, received "w" twice at byte 32. ${AUTHOR}`,
  ],
  [
    "kind-unknown",
    forge({ header: entry(5, []) }),
    "header",
    30,
    `expected a known kind of entry, received 5 at byte 30. ${AUTHOR}`,
  ],
  [
    "rank-17",
    forge({
      header: entry(
        uint8,
        Array.from({ length: 17 }, () => 1),
      ),
      payload: [1],
    }),
    "limit",
    31,
    `expected at most 16 axes, received 17 at byte 31. ${AUTHOR}`,
  ],
  [
    "rank-over-the-end",
    forge({ header: [...none, ...one, ...named("w"), uint8, 2, ...u4(1)] }),
    "header",
    36,
    `expected 4 bytes for the length of an axis, received 0 bytes at byte 36. ${AUTHOR}`,
  ],
  [
    "size-2-to-the-64",
    forge({ header: entry(float32, [0xffffffff, 0xffffffff]) }),
    "shape",
    31,
    "expected lengths from 0 to 4294967295 whose product is a safe integer, received [4294967295, 4294967295]. Is the shape read from the right place?",
  ],
  [
    "size-wraps-to-4",
    forge({ header: entry(uint8, [2 ** 31 + 2, 2 ** 31, 2]), payload: [1, 2, 3, 4] }),
    "shape",
    31,
    "expected lengths from 0 to 4294967295 whose product is a safe integer, received [2147483650, 2147483648, 2]. Is the shape read from the right place?",
  ],
  [
    "size-zero-times-huge",
    forge({ header: entry(uint8, [0, 0xffffffff, 0xffffffff]) }),
    "shape",
    31,
    "expected lengths from 0 to 4294967295 whose product is a safe integer, received [0, 4294967295, 4294967295]. Is the shape read from the right place?",
  ],
  [
    "values-4-gib",
    forge({ header: entry(float32, [2 ** 30]) }),
    "header",
    36,
    `expected 4294967296 bytes for the values of "w", received 0 bytes at byte 36. ${AUTHOR}`,
  ],
  [
    "values-one-short",
    forge({ header: entry(float32, [1]), payload: [1, 2, 3] }),
    "header",
    36,
    `expected 4 bytes for the values of "w", received 3 bytes at byte 36. ${AUTHOR}`,
  ],
  // codes
  [
    "axes-beyond-rank",
    forge({ header: entry(short, [1], u2(2)), payload: [0, 0x3f, 1] }),
    "shape",
    36,
    `expected axes below 1, received the bits 10 at byte 36. ${AUTHOR}`,
  ],
  [
    "scales-without-codes",
    forge({ header: entry(short, [2 ** 31, 0], u2(1)) }),
    "header",
    42,
    `expected 4294967296 bytes for the scales of "w", received 0 bytes at byte 42. ${AUTHOR}`,
  ],
  [
    "codes-one-short",
    forge({ header: entry(short, [2], u2(0)), payload: [0x80, 0x3f, 1] }),
    "header",
    40,
    `expected 2 bytes for the codes of "w", received 1 bytes at byte 40. ${AUTHOR}`,
  ],
  [
    "code-128",
    forge({ header: entry(short, [2], u2(0)), payload: [0x80, 0x3f, 1, 0x80] }),
    "value",
    41,
    `expected codes from -127 to 127 in "w", received -128 at byte 41. ${AUTHOR}`,
  ],
  [
    "scale-zero",
    forge({ header: entry(short, [1], u2(0)), payload: [0, 0, 1] }),
    "value",
    38,
    `expected finite scales > 0 in "w", received 0 at byte 38. ${AUTHOR}`,
  ],
  [
    "scale-negative",
    forge({ header: entry(long, [1], u2(0)), payload: [...f4(-0.1), 1] }),
    "value",
    38,
    `expected finite scales > 0 in "w", received -0.10000000149011612 at byte 38. ${AUTHOR}`,
  ],
  [
    "scale-infinite",
    forge({ header: entry(short, [1], u2(0)), payload: [0x80, 0x7f, 1] }),
    "value",
    38,
    `expected finite scales > 0 in "w", received Infinity at byte 38. ${AUTHOR}`,
  ],
  [
    "scale-nan",
    forge({ header: entry(long, [2], u2(1)), payload: [...f4(0.1), ...f4(NaN), 1, 1] }),
    "value",
    42,
    `expected finite scales > 0 in "w", received NaN at byte 42. ${AUTHOR}`,
  ],
  [
    "scale-too-wide",
    forge({ header: entry(long, [1], u2(0)), payload: [...f4(0.5), 1] }),
    "header",
    38,
    `expected a scale of "w" that needs four bytes, received none at byte 38. ${AUTHOR}`,
  ],
  // sealed again after being cut: the checksum alone does not save anybody
  [
    "cut-and-sealed",
    seal(sound.slice(0, -3)),
    "truncated",
    39,
    "expected 42 bytes, received 39. Was the download cut short?",
  ],
];

export const nasty: readonly Nasty[] = table.map(([name, bytes, code, offset, message]) => ({
  name,
  bytes,
  code,
  offset,
  message: `decode: ${message}`,
}));

if (process.argv[1] === import.meta.filename) {
  const folder = import.meta.dirname;
  for (const file of readdirSync(folder)) if (file.endsWith(".bin")) rmSync(join(folder, file));
  for (const { name, bytes } of nasty) writeFileSync(join(folder, `${name}.bin`), bytes);
}
