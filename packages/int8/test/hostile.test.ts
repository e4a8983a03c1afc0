import { test } from "@fast-check/vitest";
import { arbitraries } from "@ganglion/testing";
import { describe, expect } from "vitest";
import { decode, encode, limits, quantize } from "../src/index.ts";
import { forge, named, u2, u4 } from "./support/forge.ts";
import { samples } from "./support/samples.ts";
import { campaign, judge } from "./support/verdict.ts";

const everyday = samples()[2]!;

describe("decode", () => {
  test("refuses every file that is cut short", () => {
    for (const file of samples()) {
      for (let length = 0; length < file.length; length++)
        expect(judge(file.subarray(0, length)).code).toBe("truncated");
    }
  });

  test("notices every single flipped bit", () => {
    for (const file of samples()) {
      const damaged = file.slice();
      for (let bit = 0; bit < file.length * 8; bit++) {
        damaged[bit >> 3]! ^= 1 << (bit & 7);
        expect(judge(damaged).code).not.toBe("accepted");
        damaged[bit >> 3]! ^= 1 << (bit & 7);
      }
    }
  });

  test.prop([arbitraries.mutatedBytes(everyday)])("refuses damaged files with a CodecError", (damaged) => {
    expect(judge(damaged).code).not.toBe("accepted");
  });

  test("refuses 20,000 mutants or, when their checksum is made right, accepts only what encode writes", () => {
    const { plain, resealed, slow } = campaign(20_000, 1);
    expect(plain).not.toHaveProperty("accepted");
    // the campaign means something only if it reaches every check
    expect(Object.keys(plain)).toEqual(
      expect.arrayContaining(["magic", "version", "truncated", "trailing", "checksum"]),
    );
    expect(Object.keys(resealed)).toEqual(
      expect.arrayContaining(["accepted", "header", "limit", "name", "shape", "value"]),
    );
    expect(slow).toBe(0);
  });

  test("takes at most 50 ms and 10 ms/MB for the largest of its files", () => {
    const tiny = { kind: "raw", shape: [], dtype: "uint8", data: Uint8Array.of(1) } as const;
    const many = encode(Array.from({ length: limits.entries }, (_, i) => ({ ...tiny, name: `${i}` })));
    const large = encode([
      { name: "w", kind: "raw", shape: [2 ** 22], dtype: "float32", data: new Float32Array(2 ** 22) },
    ]);
    for (const file of [many, large]) {
      const fastest = Math.min(...[1, 2, 3].map(() => judge(file).milliseconds));
      expect(fastest).toBeLessThan(50 + file.length / 1e5);
    }
  });

  test("allocates less than three times the file", () => {
    const shape = [4096, 4096];
    const file = encode([{ name: "w", kind: "int8", ...quantize(new Float32Array(2 ** 24), shape, { axis: 0 }) }]);
    const before = process.memoryUsage().arrayBuffers;
    const { entries } = decode(file);
    const allocated = process.memoryUsage().arrayBuffers - before;
    expect(entries[0]!.shape).toEqual(shape);
    expect(allocated).toBeLessThan(3 * file.length);
  });

  test("allocates next to nothing for a file that claims to hold 4 GiB", () => {
    const claims = [0, 1, 2, 3, 4, 16, 17].map((kind) =>
      forge({ header: [...u2(0), ...u2(1), ...named("w"), kind, 1, ...u4(2 ** 32 - 1), ...(kind < 5 ? [] : u2(1))] }),
    );
    const before = process.memoryUsage().arrayBuffers;
    for (const file of claims) expect(judge(file).code).toBe("header");
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e6);
  });
});
