import { fc, test } from "@fast-check/vitest";
import { arbitraries } from "@ganglion/testing";
import { describe, expect } from "vitest";
import { dequantize, quantize } from "../src/index.ts";
import { scaleOf } from "../src/scale.ts";
import { generator } from "./support/mutate.ts";

const LARGEST = 2 ** 128 - 2 ** 104;
const SMALLEST = 2 ** -126;
const codes255 = Float64Array.from({ length: 255 }, (_, i) => i - 127);

/** Tensors within float32 with all its edges, and axes of theirs in any order, some counted from the end. */
const problem = arbitraries
  .tensorLike({ shape: arbitraries.shape({ minLength: 0 }), min: -LARGEST, max: LARGEST, includeEdges: true })
  .chain(({ shape, data }) =>
    fc.shuffledSubarray(shape.map((_, axis) => axis)).chain((axes) =>
      fc.array(fc.boolean(), { minLength: axes.length, maxLength: axes.length }).map((negative) => ({
        shape,
        data,
        axis: axes.map((axis, i) => (negative[i] ? axis - shape.length : axis)),
      })),
    ),
  );

/** Channel of each value by plain division: the oracle. */
function channels(shape: readonly number[], axes: readonly number[]): number[] {
  const size = shape.reduce((product, length) => product * length, 1);
  return Array.from({ length: size }, (_, at) => {
    let rest = at;
    const index = shape.map(() => 0);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = rest % shape[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    return axes.reduce((channel, axis) => channel * shape[axis]! + index[axis]!, 0);
  });
}

describe("quantize", () => {
  test("gives one scale for the whole tensor by default", () => {
    const { codes, scales, shape, axes } = quantize(Float32Array.of(-2, 0, 1, 2), [2, 2]);
    expect([...codes]).toEqual([-127, 0, 64, 127]);
    expect([...scales]).toEqual([0.0157470703125]); // 129/8192, the 8-bit neighbour of 2/127
    expect({ shape, axes }).toEqual({ shape: [2, 2], axes: [] });
  });

  test("gives one scale per index of an axis", () => {
    const { codes, scales, axes } = quantize(Float32Array.of(127, 0.5, -63.5, 1), [2, 2], { axis: -1 });
    expect([...codes]).toEqual([127, 64, -64, 127]);
    expect([...scales]).toEqual([1, 0.00787353515625]);
    expect(axes).toEqual([1]);
  });

  test("gives one scale per expert and output of weights [experts, inputs, outputs]", () => {
    const values = Float32Array.from({ length: 2 * 3 * 4 }, (_, i) => i + 1);
    const { scales, axes } = quantize(values, [2, 3, 4], { axis: [2, 0] });
    expect(axes).toEqual([0, 2]);
    expect([...scales]).toEqual([9, 10, 11, 12, 21, 22, 23, 24].map((largest) => scaleOf(largest)));
  });

  test("rounds halves away from zero, alike for both signs", () => {
    const { codes } = quantize(Float32Array.of(127, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.49), [8]);
    expect([...codes]).toEqual([127, 1, 2, 3, -1, -2, -3, 0]);
  });

  test("divides by the scale: a value between two codes goes outwards whatever the eight bits of the scale", () => {
    for (let bits = 128; bits < 256; bits++) {
      const between = Float32Array.from({ length: 126 }, (_, code) => (code + 0.5) * bits);
      const { codes } = quantize(Float32Array.of(127 * bits, ...between), [127]);
      expect([...codes.subarray(1)]).toEqual(Array.from(between, (_, code) => code + 1));
    }
  });

  test("gives zeros and subnormals codes on the smallest normal scale", () => {
    for (const tiny of [0, -0, 5e-324, 2 ** -149, SMALLEST / 4]) {
      const { codes, scales } = quantize(Float64Array.of(tiny, -tiny), [2]);
      expect([...codes, ...scales]).toEqual([0, 0, SMALLEST]);
    }
    const { codes, scales } = quantize(Float32Array.of(SMALLEST * 3, SMALLEST / 2), [2]);
    expect([...codes, ...scales]).toEqual([3, 1, SMALLEST]);
  });

  test("reaches the largest float32 without overflow", () => {
    const quantized = quantize(Float32Array.of(LARGEST, -LARGEST), [2]);
    expect([...quantized.codes]).toEqual([127, -127]);
    expect(Math.max(...dequantize(quantized))).toBeLessThan(Infinity);
  });

  test("takes empty tensors, and gives channels without values a scale", () => {
    expect(quantize(new Float32Array(0), [3, 0], { axis: 0 }).scales).toEqual(new Float32Array(3).fill(SMALLEST));
    expect(quantize(new Float32Array(0), [0, 3], { axis: 0 }).scales).toHaveLength(0);
    expect(quantize(new Float32Array(0), [2 ** 32 - 1, 0], { axis: 1 }).scales).toHaveLength(0);
  });

  test.prop([problem])(
    "errs by at most half a scale, and puts each value on the scale of its channel",
    ({ data, shape, axis }) => {
      const quantized = quantize(data, shape, { axis });
      const values = dequantize(quantized);
      for (const [i, channel] of channels(shape, quantized.axes).entries()) {
        const scale = quantized.scales[channel]!;
        expect(values[i]).toBe(quantized.codes[i]! * scale);
        expect(Math.abs(data[i]! - values[i]!)).toBeLessThanOrEqual(scale * (0.5 + 2 ** -17));
      }
    },
  );

  test.prop([problem])(
    "changes neither codes nor scales when its result is quantised again",
    ({ data, shape, axis }) => {
      const quantized = quantize(data, shape, { axis });
      expect(quantize(dequantize(quantized), shape, { axis })).toStrictEqual(quantized);
    },
  );

  test.prop([problem, fc.integer({ min: 1, max: 127 })])(
    "keeps these laws with fewer levels",
    ({ data, shape, axis }, levels) => {
      const some = data.map((value) => (Math.abs(value) > 2 ** 126 ? value / 4 : value));
      const quantized = quantize(some, shape, { axis, levels });
      const values = dequantize(quantized);
      for (const [i, channel] of channels(shape, quantized.axes).entries()) {
        expect(Math.abs(quantized.codes[i]!)).toBeLessThanOrEqual(levels);
        expect(Math.abs(some[i]! - values[i]!)).toBeLessThanOrEqual(quantized.scales[channel]! * (0.5 + 2 ** -17));
      }
      expect(values.every(Number.isFinite)).toBe(true);
      expect(quantize(values, shape, { axis, levels })).toStrictEqual(quantized);
    },
  );

  test("refuses levels that are none", () => {
    for (const levels of [0, 128, 1.5, Number.NaN]) {
      expect(() => quantize(Float32Array.of(1), [1], { levels })).toThrow(
        `quantize: expected levels to be a whole number from 1 to 127, received ${levels}. Leave it out for 127?`,
      );
    }
  });

  test.prop([problem])("turns every sign when the values turn theirs", ({ data, shape, axis }) => {
    const { codes } = quantize(data, shape, { axis });
    expect(
      quantize(
        data.map((value) => -value),
        shape,
        { axis },
      ).codes,
    ).toEqual(codes.map((code) => -code));
  });

  test.prop([problem])("gives the largest magnitude of a normal channel the code 127", ({ data, shape, axis }) => {
    const { codes, scales, axes } = quantize(data, shape, { axis });
    const of = channels(shape, axes);
    for (const [channel, scale] of scales.entries()) {
      if (scale === SMALLEST) continue;
      expect(Math.max(...codes.filter((_, i) => of[i] === channel).map(Math.abs))).toBe(127);
    }
  });

  test("keeps all 255 codes, exactly, on every one of the 31,618 scales that it can choose", () => {
    let chosen = 0;
    for (let bits = 0x0080; bits <= 0x7c01; bits++) {
      const scale = new Float32Array(Uint32Array.of(bits << 16).buffer)[0]!;
      if (scaleOf(127 * scale) !== scale) throw new Error(`scale ${scale} is not its own`);
      const quantized = quantize(
        codes255.map((code) => code * scale),
        [255],
      );
      const values = dequantize(quantized);
      for (let i = 0; i < 255; i++) {
        if (quantized.codes[i] !== codes255[i] || values[i] !== codes255[i]! * scale)
          throw new Error(`code ${i} at ${scale}`);
      }
      chosen++;
    }
    expect(chosen).toBe(31_618);
  });

  test("keeps all 255 codes of values on 10,000 random float32 scales", () => {
    const draw = generator(9);
    for (let round = 0; round < 10_000; round++) {
      const scale = Math.fround((1 + draw(2 ** 23) / 2 ** 23) * 2 ** (draw(246) - 126));
      const foreign = { shape: [255], axes: [], codes: Int8Array.from(codes255), scales: Float32Array.of(scale) };
      const { codes } = quantize(dequantize(foreign), [255]);
      if (codes.some((code, i) => code !== codes255[i])) throw new Error(`scale ${scale}`);
    }
  });
});

describe("scaleOf", () => {
  test.prop([fc.double({ min: SMALLEST * 127, max: LARGEST, noNaN: true })])(
    "is nearest to the largest magnitude / 127 among the scales of 8 significant bits",
    (largest) => {
      const exact = largest / 127;
      const scale = scaleOf(largest);
      const ulp = 2 ** (Math.floor(Math.log2(scale)) - 7);
      expect(scale % ulp).toBe(0);
      expect(Math.abs(scale - exact)).toBeLessThanOrEqual(ulp / 2);
    },
  );
});
