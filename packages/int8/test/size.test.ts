import { describe, expect, test } from "vitest";
import { decode, dequantize, encode, quantize } from "../src/index.ts";
import type { Entry } from "../src/index.ts";

/** The 26,448 parameters of a mixture of six experts on eight cells: name, shape, axes with scales of their own. */
const leaves: readonly (readonly [string, readonly number[], readonly number[]])[] = [
  ["digits", [10, 32], [0]],
  ["positions", [8, 32], [0]],
  ["readOut/bias", [10], []],
  ["readOut/weight", [32, 10], [1]],
  ["rule/experts/b1", [6, 32], [0]],
  ["rule/experts/b2", [6, 32], [0]],
  ["rule/experts/w1", [6, 96, 32], [0, 2]],
  ["rule/experts/w2", [6, 32, 32], [0, 2]],
  ["rule/router/bias", [6], []],
  ["rule/router/weight", [96, 6], [1]],
];
const size = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

describe("encode", () => {
  test("packs 26,448 parameters with a scale per expert and output into less than 28,000 bytes", () => {
    const entries = leaves.map(([name, shape, axis]): Entry => {
      const values = Float32Array.from({ length: size(shape) }, (_, i) =>
        Math.fround((((i * 7919) % 1009) - 504) / 700),
      );
      return { name, kind: "int8", ...quantize(values, shape, { axis }) };
    });
    const file = encode(entries, { metadata: { model: "gary", version: "1" } });
    expect(leaves.reduce((sum, [, shape]) => sum + size(shape), 0)).toBe(26_448);
    expect(file.length).toBe(27_636);
    const values = decode(file).entries.map((entry) => (entry.kind === "int8" ? dequantize(entry).length : 0));
    expect(values.reduce((sum, count) => sum + count, 0)).toBe(26_448);
  });
});
