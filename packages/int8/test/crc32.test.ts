import { crc32 as zlib } from "node:zlib";
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { crc32 } from "../src/crc32.ts";

describe("crc32", () => {
  test("gives the published check value for 123456789", () => {
    expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
  });

  test("agrees with zlib at every length from 0 to 67", () => {
    for (let length = 0; length <= 67; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 151 + length) & 255);
      expect(crc32(bytes)).toBe(zlib(bytes));
    }
  });

  test.prop([fc.uint8Array({ maxLength: 300 }), fc.nat(300), fc.nat(300)])(
    "agrees with zlib on any part",
    (bytes, a, b) => {
      const start = Math.min(a, b, bytes.length);
      const end = Math.max(start, Math.min(Math.max(a, b), bytes.length));
      expect(crc32(bytes, start, end)).toBe(zlib(bytes.subarray(start, end)));
    },
  );
});
