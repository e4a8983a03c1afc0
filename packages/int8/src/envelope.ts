import { crc32 } from "./crc32.ts";
import { CodecError } from "./error.ts";
import type { CodecErrorCode } from "./error.ts";
import { CHECKSUM_BYTES, HEADER_AT, MAGIC, VERSION } from "./layout.ts";
import { limits } from "./limits.ts";
import { Reader } from "./reader.ts";

const SHORTEST = HEADER_AT + 4 + CHECKSUM_BYTES;

/**
 * Checks what surrounds the content (magic, version, lengths, checksum) and finds header and payload.
 *
 * @throws CodecError `webPage`, `magic`, `version`, `truncated`, `trailing`, `limit`, `header` or `checksum`
 */
export function openContainer(file: Uint8Array): { header: Reader; payload: Reader } {
  const differs = MAGIC.findIndex((byte, i) => i < file.length && byte !== file[i]);
  if (differs >= 0) throw wrongMagic(file, differs);
  if (file.length < SHORTEST) {
    throw refuse("truncated", `at least ${SHORTEST} bytes`, `${file.length}`, SHORT, file.length);
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const version = view.getUint32(8, true);
  if (version !== VERSION) {
    throw refuse("version", `version ${VERSION} of the container`, `version ${version}`, "Update @ganglion/int8.", 8);
  }
  const length = view.getUint32(12, true) + view.getUint32(16, true) * 2 ** 32;
  if (file.length < length) throw refuse("truncated", `${length} bytes`, `${file.length}`, SHORT, file.length);
  if (file.length > length) throw refuse("trailing", `${length} bytes`, `${file.length}`, LONG, length);
  const end = file.length - CHECKSUM_BYTES;
  const stored = view.getUint32(end, true);
  const computed = crc32(file, 0, end);
  if (computed !== stored) {
    throw refuse("checksum", `the checksum ${hex(stored)}`, hex(computed), "The file is damaged: fetch it again.", end);
  }
  const headerBytes = view.getUint32(20, true);
  const most = Math.min(limits.headerBytes, end - HEADER_AT);
  if (headerBytes > most) {
    const code = headerBytes > limits.headerBytes ? "limit" : "header";
    throw refuse(code, `a header of at most ${most} bytes`, `${headerBytes} at byte 20`, UNTRUSTED, 20);
  }
  const split = HEADER_AT + headerBytes;
  return { header: new Reader(file, HEADER_AT, split), payload: new Reader(file, split, end) };
}

const SHORT = "Was the download cut short?";
const LONG = "Were two files joined?";
const UNTRUSTED = "The file was not written by encode: ask its author for a new one.";

function wrongMagic(file: Uint8Array, offset: number): CodecError {
  const start = String.fromCharCode(...file.subarray(0, 16));
  if (/^(\u00ef\u00bb\u00bf)?\s*</.test(start)) {
    return refuse(
      "webPage",
      "a @ganglion/int8 container",
      "a web page",
      "Does the address lead to the file itself?",
      0,
    );
  }
  const received = [...file.subarray(0, MAGIC.length)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return refuse(
    "magic",
    "a @ganglion/int8 container",
    `a file that starts with ${received}`,
    "Is it another format?",
    offset,
  );
}

function hex(checksum: number): string {
  return checksum.toString(16).padStart(8, "0");
}

function refuse(code: CodecErrorCode, expected: string, received: string, repair: string, offset: number): CodecError {
  return new CodecError({ operation: "decode", code, expected, received, repair, offset });
}
