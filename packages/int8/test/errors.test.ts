import { describe, expect, test } from "vitest";
import { CodecError, decode, dequantize, encode, quantize } from "../src/index.ts";
import type { Entry, Int8Entry, RawEntry } from "../src/index.ts";

const raw = (parts: Partial<RawEntry>): RawEntry => ({
  name: "w",
  kind: "raw",
  shape: [2],
  dtype: "float32",
  data: Float32Array.of(1, 2),
  ...parts,
});
const int8 = (parts: Partial<Int8Entry>): Int8Entry => ({
  name: "w",
  kind: "int8",
  ...quantize(Float32Array.of(1, 2, 3, 4), [2, 2], { axis: 1 }),
  ...parts,
});
const many = (count: number): Entry[] => Array.from({ length: count }, (_, i) => raw({ name: `${i}` }));

/** What is called, the code, the offset and the whole text of its error. */
const table: readonly (readonly [string, () => unknown, string, number | undefined, string])[] = [
  [
    "quantize with NaN",
    () => quantize(Float32Array.of(1, NaN), [2]),
    "value",
    1,
    "quantize: expected finite values within the range of float32, received NaN at index 1. Did the training diverge?",
  ],
  [
    "quantize with an infinity",
    () => quantize(Float32Array.of(-Infinity), [1]),
    "value",
    0,
    "quantize: expected finite values within the range of float32, received -Infinity at index 0. Did the training diverge?",
  ],
  [
    "quantize beyond float32",
    () => quantize(Float64Array.of(0, 0, 1e300), [3]),
    "value",
    2,
    "quantize: expected finite values within the range of float32, received 1e+300 at index 2. Did the training diverge?",
  ],
  [
    "quantize with another shape",
    () => quantize(new Float32Array(5), [2, 3]),
    "shape",
    undefined,
    "quantize: expected 6 values for the shape [2, 3], received 5. Is the shape that of another tensor?",
  ],
  [
    "quantize with a fraction",
    () => quantize(new Float32Array(5), [2.5, 2]),
    "shape",
    undefined,
    "quantize: expected lengths from 0 to 4294967295 whose product is a safe integer, received [2.5, 2]. Is the shape read from the right place?",
  ],
  [
    "quantize with a negative length",
    () => quantize(new Float32Array(4), [-2, -2]),
    "shape",
    undefined,
    "quantize: expected lengths from 0 to 4294967295 whose product is a safe integer, received [-2, -2]. Is the shape read from the right place?",
  ],
  [
    "quantize with too many axes",
    () =>
      quantize(
        new Float32Array(1),
        Array.from({ length: 17 }, () => 1),
      ),
    "limit",
    undefined,
    "quantize: expected at most 16 axes, received 17. Merge neighbouring axes before quantising.",
  ],
  [
    "quantize along a missing axis",
    () => quantize(new Float32Array(6), [2, 3], { axis: 2 }),
    "shape",
    undefined,
    "quantize: expected different axes of the shape [2, 3], received [2]. Axes go from 0 to 1, or from -2 to -1.",
  ],
  [
    "quantize along one axis twice",
    () => quantize(new Float32Array(6), [2, 3], { axis: [1, -1] }),
    "shape",
    undefined,
    "quantize: expected different axes of the shape [2, 3], received [1, -1]. Axes go from 0 to 1, or from -2 to -1.",
  ],
  [
    "dequantize with codes missing",
    () => dequantize(int8({ codes: new Int8Array(3) })),
    "shape",
    undefined,
    "dequantize: expected 4 codes for the shape [2, 2], received 3. Is the shape that of another tensor?",
  ],
  [
    "dequantize with scales missing",
    () => dequantize(int8({ scales: new Float32Array(1) })),
    "shape",
    undefined,
    "dequantize: expected 2 scales for axes [1] of [2, 2], received 1. Pass what quantize returned.",
  ],
  [
    "dequantize with descending axes",
    () => dequantize(int8({ axes: [1, 0] })),
    "shape",
    undefined,
    "dequantize: expected ascending axes [0, 1], received [1, 0]. Pass what quantize returned.",
  ],
  [
    "encode with code -128",
    () => encode([int8({ codes: Int8Array.of(0, 0, -128, 0) })]),
    "value",
    2,
    'encode: expected codes from -127 to 127 in "w", received -128 at index 2. Pass what quantize returned, or a raw entry.',
  ],
  [
    "encode with a scale of 0",
    () => encode([int8({ scales: Float32Array.of(1, 0) })]),
    "value",
    1,
    'encode: expected finite scales > 0 in "w", received 0 at index 1. Pass what quantize returned, or a raw entry.',
  ],
  [
    "encode with a NaN scale",
    () => encode([int8({ scales: Float32Array.of(NaN, 1) })]),
    "value",
    0,
    'encode: expected finite scales > 0 in "w", received NaN at index 0. Pass what quantize returned, or a raw entry.',
  ],
  [
    "encode with values missing",
    () => encode([raw({ shape: [3] })]),
    "shape",
    undefined,
    'encode: expected 3 values for the shape [3] of "w", received 2. Is the shape that of another tensor?',
  ],
  [
    "encode with another dtype",
    () => encode([raw({ dtype: "float64" })]),
    "dtype",
    undefined,
    'encode: expected a typed array of the given dtype in "w", received Float32Array as float64. Use Float32Array, Float64Array, Int32Array, Uint8Array, Int8Array.',
  ],
  [
    "encode with one name twice",
    () => encode([raw({}), raw({})]),
    "name",
    undefined,
    'encode: expected different names, received "w" twice. Prefix names with the path in the tree.',
  ],
  [
    "encode with an empty name",
    () => encode([raw({ name: "" })]),
    "name",
    undefined,
    "encode: expected a name of 1 to 255 bytes of UTF-8, received 0 bytes. Choose another name.",
  ],
  [
    "encode with a long name",
    () => encode([raw({ name: "é".repeat(128) })]),
    "name",
    undefined,
    "encode: expected a name of 1 to 255 bytes of UTF-8, received 256 bytes. Choose another name.",
  ],
  [
    "encode with half a character",
    () => encode([raw({ name: "\ud800" })]),
    "name",
    undefined,
    "encode: expected a name of 1 to 255 bytes of UTF-8, received a lone surrogate. Choose another name.",
  ],
  [
    "encode with too many entries",
    () => encode(many(4097)),
    "limit",
    undefined,
    "encode: expected at most 4096 entries, received 4097. Split them over several files.",
  ],
  [
    "encode with an empty metadata key",
    () => encode([], { metadata: { "": "x" } }),
    "name",
    undefined,
    "encode: expected a metadata key of 1 to 255 bytes of UTF-8, received 0 bytes. Choose another name.",
  ],
  [
    "encode with a number as metadata",
    () => encode([], { metadata: { steps: 24 as unknown as string } }),
    "name",
    undefined,
    'encode: expected well-formed text as metadata "steps", received number. Use JSON.stringify.',
  ],
  [
    "encode with half a character as metadata",
    () => encode([], { metadata: { k: "\udc00" } }),
    "name",
    undefined,
    'encode: expected well-formed text as metadata "k", received a lone surrogate. Use JSON.stringify.',
  ],
  [
    "encode with too many pairs",
    () => encode([], { metadata: Object.fromEntries(many(1025).map(({ name }) => [name, ""])) }),
    "limit",
    undefined,
    "encode: expected at most 1024 pairs of metadata, received 1025. Join them as JSON.",
  ],
  [
    "encode with a huge text",
    () => encode([], { metadata: { k: "x".repeat(1_048_576) } }),
    "limit",
    undefined,
    "encode: expected at most 1048576 bytes of names, shapes and metadata, received 1048586. Move long metadata into a uint8 entry.",
  ],
];

describe("CodecError", () => {
  test.each(table)("of %s says what was expected, what arrived and what to do", (_, call, code, offset, message) => {
    expect(call).toThrow(CodecError);
    expect(call).toThrow(expect.objectContaining({ message, code, offset, name: "CodecError" }));
  });

  test("carries the parts of its text", () => {
    const { operation, expected, received, repair } = caught(() => decode(new Uint8Array(3)));
    expect({ operation, expected, received, repair }).toEqual({
      operation: "decode",
      expected: "a @ganglion/int8 container",
      received: "a file that starts with 00 00 00",
      repair: "Is it another format?",
    });
  });
});

function caught(call: () => unknown): CodecError {
  try {
    call();
  } catch (error) {
    if (error instanceof CodecError) return error;
  }
  throw new Error("threw no CodecError");
}
