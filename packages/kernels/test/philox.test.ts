import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { philox4x32, randomBits } from "../src/index.ts";

// Random123, examples/kat_vectors: counter, key, result
const knownAnswers = [
  ["00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"],
  ["ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"],
  ["243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"],
] as const;
const words = (text: string): number[] => text.split(" ").map((word) => Number.parseInt(word, 16));

test.each(knownAnswers)("philox4x32 of counter %s, key %s is %s", (counter, key, result) => {
  const [key0, key1] = words(key);
  const out = new Uint32Array(4);
  philox4x32(words(counter), [key0!, key1!], out);
  expect([...out]).toEqual(words(result));
  philox4x32(Uint32Array.from(words(counter)), [key0! | 0, key1! | 0], out);
  expect([...out]).toEqual(words(result));
});

const word = fc.integer({ min: 0, max: 0xffffffff });

test.prop([word, word, fc.integer({ min: 0, max: 2 ** 50 }), fc.array(fc.integer({ min: 0, max: 9 }))])(
  "randomBits gives the same words however the stream is cut",
  (key0, key1, offset, lengths) => {
    const whole = new Uint32Array(lengths.reduce((sum, length) => sum + length, 0));
    randomBits(key0, key1, offset, whole);
    const pieces: number[] = [];
    for (const length of lengths) {
      const piece = new Uint32Array(length);
      randomBits(key0, key1, offset + pieces.length, piece);
      pieces.push(...piece);
    }
    expect(pieces).toEqual([...whole]);
  },
);

test.prop([word, word, fc.integer({ min: 0, max: 2 ** 51 - 1 })])(
  "randomBits numbers its blocks by a 64-bit counter",
  (key0, key1, block) => {
    const [stream, expected] = [new Uint32Array(4), new Uint32Array(4)];
    randomBits(key0, key1, 4 * block, stream);
    philox4x32([block % 2 ** 32, Math.floor(block / 2 ** 32), 0, 0], [key0, key1], expected);
    expect(stream).toEqual(expected);
  },
);

test("randomBits sets every bit half of the time", () => {
  const n = 200_000;
  const out = new Uint32Array(n);
  randomBits(1, 2, 0, out);
  for (let bit = 0; bit < 32; bit++) {
    let ones = 0;
    for (const value of out) ones += (value >>> bit) & 1;
    expect(Math.abs(ones - n / 2)).toBeLessThan(5 * Math.sqrt(n / 4));
  }
});
