import type { Entry, RawDType, RawEntry } from "./entry.ts";
import { CodecError } from "./error.ts";
import type { CodecErrorCode } from "./error.ts";
import { limits } from "./limits.ts";
import { checkQuantizedShape } from "./quantize.ts";
import { show, sizeOf } from "./shape.ts";

const ARRAYS: Readonly<Record<RawDType, string>> = {
  float32: "Float32Array",
  float64: "Float64Array",
  int32: "Int32Array",
  uint8: "Uint8Array",
  int8: "Int8Array",
};

/** @throws CodecError `limit` or `name` unless there are few enough names, each usable and different from the others */
export function checkNames(names: readonly string[]): void {
  if (names.length > limits.entries) {
    throw refuse("limit", `at most ${limits.entries} entries`, `${names.length}`, "Split them over several files.");
  }
  const seen = new Set<string>();
  for (const name of names) {
    checkText(name, "a name");
    if (seen.has(name)) {
      throw refuse(
        "name",
        "different names",
        `${JSON.stringify(name)} twice`,
        "Prefix names with the path in the tree.",
      );
    }
    seen.add(name);
  }
}

/** @throws CodecError `limit` or `name` unless keys and texts can be written */
export function checkMetadata(pairs: readonly (readonly [string, string])[]): void {
  if (pairs.length > limits.metadata) {
    throw refuse("limit", `at most ${limits.metadata} pairs of metadata`, `${pairs.length}`, "Join them as JSON.");
  }
  for (const [key, text] of pairs) {
    checkText(key, "a metadata key");
    if (typeof text !== "string" || !text.isWellFormed()) {
      const received = typeof text === "string" ? "a lone surrogate" : typeof text;
      throw refuse("name", `well-formed text as metadata ${JSON.stringify(key)}`, received, "Use JSON.stringify.");
    }
  }
}

/** @throws CodecError `limit` when names, shapes and metadata together are too long */
export function checkHeaderBytes(bytes: number): void {
  if (bytes > limits.headerBytes) {
    throw refuse(
      "limit",
      `at most ${limits.headerBytes} bytes of names, shapes and metadata`,
      `${bytes}`,
      "Move long metadata into a uint8 entry.",
    );
  }
}

/** @throws CodecError `shape`, `dtype`, `value` or `limit` when the parts of an entry disagree */
export function checkEntry(entry: Entry): void {
  if (entry.kind === "raw") {
    checkRaw(entry);
    return;
  }
  checkQuantizedShape("encode", entry);
  const code = entry.codes.indexOf(-128);
  if (code >= 0) {
    throw refuse(
      "value",
      `codes from -127 to 127 in ${JSON.stringify(entry.name)}`,
      `-128 at index ${code}`,
      SYMMETRIC,
      code,
    );
  }
  const scale = entry.scales.findIndex((value) => !(value > 0 && value < Infinity));
  if (scale >= 0) {
    const received = `${entry.scales[scale]} at index ${scale}`;
    throw refuse("value", `finite scales > 0 in ${JSON.stringify(entry.name)}`, received, SYMMETRIC, scale);
  }
}

const SYMMETRIC = "Pass what quantize returned, or a raw entry.";

function checkRaw({ name, dtype, shape, data }: RawEntry): void {
  const size = sizeOf("encode", shape);
  const type = Object.prototype.toString.call(data).slice(8, -1);
  if (type !== ARRAYS[dtype]) {
    const expected = `a typed array of the given dtype in ${JSON.stringify(name)}`;
    throw refuse("dtype", expected, `${type} as ${dtype}`, `Use ${Object.values(ARRAYS).join(", ")}.`);
  }
  if (data.length !== size) {
    const expected = `${size} values for the shape ${show(shape)} of ${JSON.stringify(name)}`;
    throw refuse("shape", expected, `${data.length}`, "Is the shape that of another tensor?");
  }
}

function checkText(text: string, what: string): void {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes === 0 || bytes > limits.nameBytes || !text.isWellFormed()) {
    const received = text.isWellFormed() ? `${bytes} bytes` : "a lone surrogate";
    throw refuse("name", `${what} of 1 to ${limits.nameBytes} bytes of UTF-8`, received, "Choose another name.");
  }
}

function refuse(code: CodecErrorCode, expected: string, received: string, repair: string, offset?: number): CodecError {
  return new CodecError({ operation: "encode", code, expected, received, repair, offset });
}
