import { fc, test } from "@fast-check/vitest";
import { arbitraries } from "@ganglion/testing";
import { describe, expect } from "vitest";
import { littleEndian } from "../src/bytes.ts";
import { decode, encode, limits, quantize } from "../src/index.ts";
import type { Entry, RawData, RawDType } from "../src/index.ts";
import { forge, named, u2, u4, utf8 } from "./support/forge.ts";
import { entries, metadata } from "./support/samples.ts";

const arrays: Readonly<Record<RawDType, (buffer: ArrayBuffer) => RawData>> = {
  float32: (buffer) => new Float32Array(buffer),
  float64: (buffer) => new Float64Array(buffer),
  int32: (buffer) => new Int32Array(buffer),
  uint8: (buffer) => new Uint8Array(buffer),
  int8: (buffer) => new Int8Array(buffer),
};
const text = fc.string({ unit: "binary" }).filter((value) => value.isWellFormed());
const name = text.filter((value) => value !== "" && Buffer.byteLength(value) <= limits.nameBytes);
const shape = arbitraries.shape({ minLength: 0, maxLength: 4 });

/** Raw entries of any bits whatever: every NaN, every subnormal. */
const rawEntry: fc.Arbitrary<Entry> = fc
  .record({ name, shape, dtype: fc.constantFrom<RawDType[]>("float32", "float64", "int32", "uint8", "int8") })
  .chain((head) => {
    const width = arrays[head.dtype](new ArrayBuffer(0)).BYTES_PER_ELEMENT;
    const bytes = width * head.shape.reduce((product, length) => product * length, 1);
    return fc
      .uint8Array({ minLength: bytes, maxLength: bytes })
      .map((data) => ({ ...head, kind: "raw", data: arrays[head.dtype](data.slice().buffer) }));
  });

const int8Entry: fc.Arbitrary<Entry> = fc.record({ name, tensor: arbitraries.tensorLike({ shape }) }).chain((parts) =>
  fc.record({ axis: fc.subarray(parts.tensor.shape.map((_, i) => i)), wide: fc.boolean() }).map(({ axis, wide }) => {
    const quantized = quantize(parts.tensor.data, parts.tensor.shape, { axis });
    const scales = wide ? quantized.scales.map((scale) => scale * 1.001) : quantized.scales;
    return { ...quantized, scales, name: parts.name, kind: "int8" };
  }),
);

const content = fc.record({
  entries: fc.uniqueArray(fc.oneof(rawEntry, int8Entry), { selector: (entry) => entry.name, maxLength: 6 }),
  metadata: fc.dictionary(name, text, { maxKeys: 4 }),
});

/** Bits, not numbers: NaNs and zeros of either sign must come back as they were. */
function bits(list: readonly Entry[]): unknown[] {
  const bytes = (array: ArrayBufferView) => [...new Uint8Array(array.buffer, array.byteOffset, array.byteLength)];
  return list.map((entry) =>
    entry.kind === "raw"
      ? { ...entry, data: bytes(entry.data), type: entry.data.constructor.name }
      : { ...entry, codes: bytes(entry.codes), scales: bytes(entry.scales) },
  );
}

describe("decode", () => {
  test.prop([content])("gives back bit for bit what encode was given", (given) => {
    const decoded = decode(encode(given.entries, given));
    expect(bits(decoded.entries)).toEqual(bits(given.entries));
    expect(new Map(Object.entries(decoded.metadata))).toEqual(new Map(Object.entries(given.metadata)));
  });

  test.prop([content])("reads from the middle of another buffer, and shares no memory with it", (given) => {
    const file = encode(given.entries, given);
    const around = new Uint8Array(file.length + 5);
    around.set(file, 3);
    const decoded = decode(around.subarray(3, 3 + file.length));
    around.fill(0xff);
    expect(bits(decoded.entries)).toEqual(bits(given.entries));
  });

  test("shares no memory with a Node Buffer, whose slices do", () => {
    const file = Buffer.from(encode(entries, { metadata }));
    const decoded = decode(file);
    file.fill(0xff);
    expect(bits(decoded.entries)).toEqual(bits(entries));
  });

  test("reads from shared memory", () => {
    const file = encode(entries, { metadata });
    const shared = new Uint8Array(new SharedArrayBuffer(file.length));
    shared.set(file);
    expect(bits(decode(shared).entries)).toEqual(bits(entries));
  });

  test("takes __proto__ as a name and as a metadata key like any other", () => {
    const pairs = Object.fromEntries([["__proto__", "text"]]);
    const file = encode([{ name: "__proto__", kind: "raw", shape: [], dtype: "uint8", data: Uint8Array.of(1) }], {
      metadata: pairs,
    });
    const decoded = decode(file);
    expect(Object.entries(decoded.metadata)).toEqual([["__proto__", "text"]]);
    expect(Object.getPrototypeOf(decoded.metadata)).toBe(Object.prototype);
    expect(decoded.entries[0]!.name).toBe("__proto__");
  });

  test("keeps a byte order mark in a name", () => {
    const file = encode([{ name: "\ufeffw", kind: "raw", shape: [0], dtype: "uint8", data: new Uint8Array(0) }]);
    expect(decode(file).entries[0]!.name).toBe("\ufeffw");
  });
});

describe("encode", () => {
  test("lays bytes out as the format says", () => {
    const codes = {
      name: "w",
      kind: "int8",
      ...quantize(Float32Array.of(127, -63.5, 1, 254), [2, 2], { axis: 1 }),
    } as const;
    const step = { name: "step", kind: "raw", shape: [], dtype: "int32", data: Int32Array.of(-2) } as const;
    expect(encode([codes, step], { metadata: { b: "2", a: "é" } })).toEqual(
      forge({
        header: [
          [u2(2), named("a"), u4(2), utf8("é"), named("b"), u4(1), utf8("2")],
          [u2(2), named("w"), [16, 2], u4(2), u4(2), u2(0b10)],
          [named("step"), [2, 0]],
        ].flat(2),
        payload: [0x80, 0x3f, 0x00, 0x40, 127, 0xe0, 1, 127, 0xfe, 0xff, 0xff, 0xff],
      }),
    );
  });

  test.prop([content])("depends neither on the order of metadata nor on where arrays lie in memory", (given) => {
    const reversed = Object.fromEntries(Object.entries(given.metadata).toReversed());
    const moved = given.entries.map((entry) =>
      entry.kind === "int8" ? { ...entry, codes: new Int8Array([0, ...entry.codes]).subarray(1) } : entry,
    );
    expect(encode(moved, { metadata: reversed })).toEqual(encode(given.entries, given));
  });

  test("leaves what it is given untouched", () => {
    const before = structuredClone(entries);
    encode(entries, { metadata });
    expect(entries).toEqual(before);
  });

  test("writes as many entries, axes and bytes of a name as the limits say, and decode reads them", () => {
    const axes = Array.from({ length: limits.rank }, (_, i) => i);
    const full = {
      ...quantize(
        Float32Array.of(1),
        Array.from(axes, () => 1),
        { axis: axes },
      ),
      kind: "int8",
    } as const;
    const scalar = { kind: "raw", shape: [], dtype: "uint8", data: Uint8Array.of(1) } as const;
    const list: Entry[] = [{ ...full, name: "w".repeat(limits.nameBytes) }];
    while (list.length < limits.entries) list.push({ ...scalar, name: `${list.length}` });
    expect(decode(encode(list)).entries).toEqual(list);
  });
});

describe("littleEndian", () => {
  test("reverses words on a big-endian host only", () => {
    const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    const on = (width: number, hostIsLittle: boolean): number[] => {
      const copy = bytes.slice();
      littleEndian(copy, width, hostIsLittle);
      return [...copy];
    };
    expect(on(4, true)).toEqual([...bytes]);
    expect(on(4, false)).toEqual([4, 3, 2, 1, 8, 7, 6, 5]);
    expect(on(8, false)).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
    expect(on(1, false)).toEqual([...bytes]);
  });
});
