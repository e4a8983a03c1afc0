import { describe, expect, test } from "vitest";
// @ts-expect-error a script of the build, which has no types
import { unroll } from "../scripts/unroll.mjs";

const module = unroll as (bytes: Buffer) => Buffer;
const [GET, SET, TEE] = [0x20, 0x21, 0x22];
const [F32, I32, V128] = [0x7d, 0x7f, 0x7b];
const STEP = [GET, 0, 0x41, 4, 0x6a];
/** `sum += x * x`, for the vector at the place in local 0. */
const TURN = [GET, 2, GET, 0, 0xfd, 0x00, 2, 0, TEE, 3, GET, 3, 0xfd, 0xe6, 1, 0xfd, 0xe4, 1, SET, 2];

/** A function of a place and its end, which has this loop and returns the first lane of the sum. */
function compile(turns: readonly number[], test: number): Buffer {
  const loop = [0x03, 0x40, ...turns, GET, 1, ...STEP, TEE, 0, test, 0x0d, 0, 0x0b];
  const body = [1, 2, V128, ...loop, GET, 2, 0xfd, 0x1f, 0, 0x0b];
  const sections = [
    [1, [1, 0x60, 2, I32, I32, 1, F32]],
    [3, [1, 0]],
    [5, [1, 0, 1]],
    [7, [2, 1, 0x6d, 2, 0, 1, 0x66, 0, 0]],
    [10, [1, body.length, ...body]],
  ] as const;
  const header = Buffer.from("\0asm\x01\0\0\0");
  return Buffer.concat([header, Buffer.from(sections.flatMap(([id, part]) => [id, part.length, ...part]))]);
}

describe("unroll", () => {
  test("takes four turns before it looks for the end, and leaves the sum as it is", () => {
    const bytes = compile(TURN, 0x47);
    const unrolled = module(bytes);
    expect(unrolled.length).toBe(bytes.length + 3 * (TURN.length + STEP.length + 2));
    const sums = [bytes, unrolled].map((code) => {
      const { m, f } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(code))).exports as {
        m: WebAssembly.Memory;
        f: (place: number, end: number) => number;
      };
      new Float32Array(m.buffer).set([1, 2, 3, 4, 5, 6, 7, 8, 9]);
      return f(0, 32);
    });
    expect(sums).toEqual([204, 204]);
  });

  test("leaves alone a loop that tests for less, and one that does more than sums of products", () => {
    for (const bytes of [compile(TURN, 0x49), compile([...TURN, 0x01], 0x47)]) {
      expect(module(bytes)).toEqual(bytes);
    }
  });
});
