import { describe, expect, test } from "vitest";
import { CodecError, decode, dequantize, encode, quantize } from "../src/index.ts";

describe("the container in a browser", () => {
  const weights = quantize(Float32Array.of(1, -2, 3, 0.25), [2, 2], { axis: 1 });
  const file = encode([{ name: "w", kind: "int8", ...weights }], { metadata: { model: "gary" } });

  test("has the same bytes as in Node", () => {
    expect([...file].map((byte) => byte.toString(16).padStart(2, "0")).join("")).toBe(
      "89474e470d0a1a0a010000004400000000000000200000000100056d6f64656c040000006761727901000177100202000000020000000200c23c813c2a817f10d62274da",
    );
  });

  test("comes back from a download", async () => {
    const address = URL.createObjectURL(new Blob([file]));
    const { entries, metadata } = decode(new Uint8Array(await (await fetch(address)).arrayBuffer()));
    expect(metadata).toEqual({ model: "gary" });
    expect(entries).toEqual([{ name: "w", kind: "int8", ...weights }]);
    expect([...dequantize(weights)].map(Math.round)).toEqual([1, -2, 3, 0]);
  });

  test("is told apart from a web page", async () => {
    const page = new Uint8Array(await (await fetch(location.href)).arrayBuffer());
    expect(() => decode(page)).toThrow(CodecError);
    expect(() => decode(page)).toThrow(expect.objectContaining({ code: "webPage" }));
  });
});
