import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { fc, test as property } from "@fast-check/vitest";
import { fromData, tensor } from "@ganglion/tensor";
import type { DType, Tensor } from "@ganglion/tensor";
import { describe, expect, test } from "vitest";
import {
  SafetensorsError,
  backward,
  evaluator,
  exportWeights,
  importWeights,
  readSafetensors,
  writeSafetensors,
} from "../src/index.ts";
import type { TransformerAdder } from "../src/index.ts";
import { randomWeights } from "./support/random.ts";

const arrays = {
  float64: Float64Array,
  float32: Float32Array,
  int32: Int32Array,
  uint8: Uint8Array,
  int8: Int8Array,
} as const satisfies Record<DType, unknown>;

/** Any bits at all: -0, subnormals, infinities, several NaNs. */
const anyTensor: fc.Arbitrary<Tensor> = fc
  .record({
    dtype: fc.constantFrom(...(Object.keys(arrays) as DType[])),
    shape: fc.array(fc.nat(4), { maxLength: 3 }),
  })
  .chain(({ dtype, shape }) => {
    const length = shape.reduce((product, each) => product * each, arrays[dtype].BYTES_PER_ELEMENT);
    return fc
      .uint8Array({ minLength: length, maxLength: length })
      .map((bytes) => fromData(new arrays[dtype](bytes.slice().buffer), shape));
  });
const names = fc
  .string({ unit: "binary", maxLength: 8 })
  .filter((name) => name.isWellFormed() && name !== "__metadata__");
const anyTensors = fc.dictionary(names, anyTensor, { maxKeys: 5 });

const bitsOf = ({ dtype, shape, data }: Tensor): unknown => ({
  dtype,
  shape,
  bytes: Array.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
});
const contents = (tensors: Readonly<Record<string, Tensor>>): unknown =>
  Object.entries(tensors)
    .map(([name, each]) => [name, bitsOf(each)] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));

/** A file with this header, spelled out, and so many bytes behind it. */
function fileOf(header: unknown, numbers: number): Uint8Array {
  const json = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + numbers);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

describe("a safetensors file", () => {
  test("is a length, a header filled up with spaces, and numbers, the widest first", () => {
    const bytes = writeSafetensors({ a: tensor([1, 2]), b: tensor([0.5], "float64") }, { model: "x" });
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(new TextDecoder().decode(bytes.subarray(8, 8 + length)).trimEnd()).toBe(
      '{"__metadata__":{"model":"x"},"b":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}',
    );
    expect([length % 8, bytes.length]).toEqual([0, 8 + length + 16]);
    expect(Array.from(bytes.subarray(8 + length))).toEqual([
      0, 0, 0, 0, 0, 0, 0xe0, 0x3f, 0, 0, 0x80, 0x3f, 0, 0, 0, 0x40,
    ]);
  });

  property.prop([anyTensors, fc.dictionary(names, fc.string(), { maxKeys: 3 })])(
    "gives back every bit of every tensor, and the texts",
    (tensors, metadata) => {
      // a Buffer is what files are read into, and its own slices share memory
      const read = readSafetensors(Buffer.from(writeSafetensors(tensors, metadata)));
      expect(contents(read.tensors)).toEqual(contents(tensors));
      expect(Object.entries(read.metadata)).toEqual(Object.entries(metadata));
    },
  );

  property.prop([
    anyTensors.filter((tensors) => Object.keys(tensors).length > 0),
    fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  ])("is refused when its end is missing", (tensors, share) => {
    const bytes = writeSafetensors(tensors);
    const cut = bytes.subarray(0, Math.floor(share * bytes.length));
    expect(() => readSafetensors(cut)).toThrow(SafetensorsError);
  });

  property.prop([fc.uint8Array({ maxLength: 120 }), anyTensors, fc.nat(), fc.integer({ min: 1, max: 255 })])(
    "of other bytes is refused or read, never anything else",
    (noise, tensors, place, change) => {
      const bytes = writeSafetensors(tensors);
      bytes[place % bytes.length]! ^= change;
      for (const given of [noise, bytes]) {
        try {
          writeSafetensors(readSafetensors(given).tensors);
        } catch (error) {
          expect(error).toBeInstanceOf(SafetensorsError);
        }
      }
    },
  );

  test.each([
    ["too short", new Uint8Array(7), "safetensors: expected at least 8 bytes, received 7. Is the file whole?"],
    [
      "with a header that is longer than itself",
      Uint8Array.of(255, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d),
      "safetensors: expected a header of at most 2 bytes, received 255",
    ],
    ["without JSON", fileOf("{", 0), "safetensors: expected a header of JSON. Is it a safetensors file?"],
    ["of a list", fileOf([], 0), "safetensors: expected a header that is a JSON object"],
    [
      "of half precision",
      fileOf({ w: { dtype: "BF16", shape: [1], data_offsets: [0, 2] } }, 2),
      'safetensors: "w": expected one of F64, F32, I32, U8, I8, received "BF16". Convert it to F32?',
    ],
    [
      "with a negative length",
      fileOf({ w: { dtype: "F32", shape: [-1], data_offsets: [0, 4] } }, 4),
      'safetensors: "w": expected a shape, received [-1]',
    ],
    [
      "with one offset",
      fileOf({ w: { dtype: "F32", shape: [1], data_offsets: [0] } }, 4),
      'safetensors: "w": expected two data_offsets, received [0]',
    ],
    [
      "with too few numbers for a shape",
      fileOf({ w: { dtype: "F32", shape: [2], data_offsets: [0, 4] } }, 4),
      'safetensors: "w": expected 8 bytes for float32 [2], received 4',
    ],
    [
      "with a hole",
      fileOf({ w: { dtype: "U8", shape: [1], data_offsets: [1, 2] } }, 2),
      'safetensors: "w": expected its numbers to begin at byte 0, received 1',
    ],
    [
      "with tensors that overlap",
      fileOf(
        { v: { dtype: "U8", shape: [2], data_offsets: [0, 2] }, w: { dtype: "U8", shape: [2], data_offsets: [1, 3] } },
        3,
      ),
      'safetensors: "w": expected its numbers to begin at byte 2, received 1',
    ],
    [
      "with bytes that belong to nothing",
      fileOf({ w: { dtype: "U8", shape: [1], data_offsets: [0, 1] } }, 3),
      "safetensors: expected 1 bytes of numbers, received 3. Is the file whole?",
    ],
    [
      "with numbers among its texts",
      fileOf({ __metadata__: { epoch: 3 } }, 0),
      'safetensors: "__metadata__": expected texts by name',
    ],
  ])("%s is refused", (_, bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(expect.objectContaining({ name: "FormatError", message }) as Error);
  });

  test("has no room for a tensor of the reserved name", () => {
    expect(() => writeSafetensors({ ["__metadata__"]: tensor([1]) })).toThrow(
      'safetensors: "__metadata__": expected another name: the format keeps this one for texts',
    );
  });

  const python = spawnSync("python3", ["-c", "import numpy"]).status === 0;
  test.skipIf(!python)("is read by numpy alone (skipped without python3 and numpy)", () => {
    const tensors = {
      "layers.0.query": fromData(Float64Array.of(-0, 1 / 3, Number.MIN_VALUE, 1e300, Math.PI, -2.5), [2, 3]),
      head: fromData(Float32Array.of(0.1, -1e-40), [2, 1]),
      ids: fromData(Int32Array.of(-7, 2 ** 31 - 1), [2]),
      codes: fromData(Int8Array.of(-128, 127, 3), [3]),
      flags: fromData(Uint8Array.of(255), []),
    };
    const script = fileURLToPath(new URL("support/safetensors.py", import.meta.url));
    const { stdout, status } = spawnSync("python3", [script], { input: writeSafetensors(tensors, { model: "Ωmega" }) });
    expect(status).toBe(0);
    const found = JSON.parse(stdout.toString()) as {
      readonly metadata: unknown;
      readonly aligned: boolean;
      readonly tensors: Readonly<
        Record<string, { readonly dtype: string; readonly shape: number[]; readonly values: string[] }>
      >;
    };
    expect([found.metadata, found.aligned]).toEqual([{ model: "Ωmega" }, true]);
    for (const [name, { dtype, shape, data }] of Object.entries(tensors)) {
      expect(found.tensors[name]).toMatchObject({ dtype, shape });
      expect(found.tensors[name]!.values.map(fromHex), name).toEqual(Array.from(data));
    }
  });
});

/** A double as Python's `float.hex` writes it. */
function fromHex(text: string): number {
  const [, sign, whole, fraction, exponent] = /^(-?)0x([01])\.?([\da-f]*)p([+-]\d+)$/u.exec(text)!;
  const digits = Number.parseInt(`${whole}${fraction}`, 16) * 2 ** (-4 * fraction!.length);
  const power = Number(exponent);
  // in two factors: the smallest doubles lie below the smallest power that can be made at once
  const value = digits * 2 ** Math.max(power, -1000) * 2 ** Math.min(0, power + 1000);
  return sign === "-" ? -value : value;
}

describe("the weights of an adder", () => {
  const plan = {
    vocabulary: 10,
    features: 4,
    length: 9,
    epsilon: 1e-6,
    layers: [
      {
        epsilon: 1e-6,
        attention: { heads: 2, groups: 1, weighting: "softmax", scale: 0.5, residual: "all" },
        mlp: { activation: "silu", residual: "all" },
      },
    ],
  } as const;
  const tokeniser = backward({ digits: 2, before: 0, between: 1, after: 1 });
  const adderOf = (seed: number): TransformerAdder => {
    const weights = randomWeights(plan, seed, { gated: true });
    return { name: "random", tokeniser, plan, weights, ledger: { claimed: 0, params: weights, constants: [] } };
  };

  test("come back from a file, and answer as before", () => {
    const [first, second] = [adderOf(1), adderOf(2)];
    const pairs = [
      [3, 4],
      [99, 99],
      [58, 7],
    ] as const;
    const moved = importWeights(second, exportWeights(first));
    expect(evaluator(moved).answers(pairs)).toEqual(evaluator(first).answers(pairs));
    expect(evaluator(second).answers(pairs)).not.toEqual(evaluator(first).answers(pairs));
    expect(readSafetensors(exportWeights(first)).metadata).toEqual({ model: "random" });
  });

  test.each([
    [
      "lacks a tensor",
      (tensors: Tensors) => Object.fromEntries(Object.entries(tensors).filter(([name]) => name !== "norm")),
      'safetensors: "norm": expected float64 [4] for random, received none',
    ],
    [
      "has one of another shape",
      (tensors: Tensors) => ({ ...tensors, norm: tensor([1, 2, 3], "float64") }),
      'safetensors: "norm": expected float64 [4] for random, received float64 [3]',
    ],
    [
      "has one of another precision",
      (tensors: Tensors) => ({ ...tensors, norm: tensor([1, 2, 3, 4]) }),
      'safetensors: "norm": expected float64 [4] for random, received float32 [4]',
    ],
    [
      "has one too many",
      (tensors: Tensors) => ({ ...tensors, extra: tensor([1]) }),
      'safetensors: "extra": expected a tensor of random, found one that it lacks',
    ],
  ])("are refused when the file %s", (_, change, message) => {
    const adder = adderOf(1);
    const bytes = writeSafetensors(change(readSafetensors(exportWeights(adder)).tensors));
    expect(() => importWeights(adder, bytes)).toThrow(message);
  });
});

type Tensors = Readonly<Record<string, Tensor>>;
