import { describe, expect, test } from "vitest";
// @ts-expect-error a script of the build, which has no types
import { pairProducts } from "../scripts/pair-products.mjs";

const pair = pairProducts as (bytes: Buffer) => Buffer;
const [GET, SET, TEE, MUL, ADD] = [0x20, 0x21, 0x22, [0xfd, 0xe6, 0x01], [0xfd, 0xe4, 0x01]] as const;
const splat = (offset: readonly number[]) => [0xfd, 0x09, 2, ...offset];
/** `sum += x * y`, where the operands are on the stack after `operands`. */
const term = (sum: number, operands: readonly number[], to = sum) => [GET, sum, ...operands, ...MUL, ...ADD, SET, to];

describe("pairProducts", () => {
  test("puts the second product before the first sum", () => {
    const first = [GET, 0, ...splat([0xc0, 0x08]), TEE, 5, GET, 6];
    const second = [GET, 5, GET, 1, 0xfd, 0x00, 4, 16];
    const paired = [GET, 2, ...first, ...MUL, GET, 3, ...second, ...MUL, ...ADD, SET, 3, ...ADD, SET, 2];
    expect([...pair(Buffer.from([...term(2, first), ...term(3, second)]))]).toEqual(paired);
  });

  const alone = {
    "two terms of one sum": [...term(2, [GET, 0, GET, 1]), ...term(2, [GET, 0, GET, 1])],
    "a second term that starts from another sum": [...term(2, [GET, 0, GET, 1]), ...term(4, [GET, 0, GET, 1], 3)],
    "a second term that reads the first sum": [...term(2, [GET, 0, GET, 1]), ...term(3, [GET, 2, GET, 1])],
  };
  test.each(Object.entries(alone))("leaves alone %s", (_, bytes) => {
    expect([...pair(Buffer.from(bytes))]).toEqual(bytes);
  });
});
