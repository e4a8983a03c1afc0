import { fromData, tensor } from "@ganglion/tensor";
import { arbitraries } from "@ganglion/testing";
import { test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { hashTree } from "../../src/node.ts";

describe("hashTree", () => {
  test("is the SHA-256 of a description in JSON and of the values, as Python's hashlib has it", () => {
    expect(hashTree({ w: tensor([1, -2]), n: tensor(3, "int32") })).toBe(
      "211a06a12d4ec2e6818e0558bb848d8fa1c285a10c7147528d1787f7e86acf49",
    );
  });

  test("does not depend on the order in which names were written", () => {
    const [a, b] = [tensor([1]), tensor([2])];
    expect(hashTree({ a, b })).toBe(hashTree({ b, a }));
    expect(hashTree({ a, b })).not.toBe(hashTree({ a: b, b: a }));
  });

  test("tells names, structure, dtype, shape and the sign of zero apart", () => {
    const different = [
      { w: tensor([0]) },
      { v: tensor([0]) },
      [tensor([0])],
      tensor([0]),
      { w: tensor([-0]) },
      { w: tensor([[0]]) },
      { w: tensor([0], "int32") },
      { w: tensor([0]), empty: {} },
      { w: tensor([0]), empty: [] },
    ];
    expect(new Set(different.map(hashTree)).size).toBe(different.length);
  });

  test("takes all NaNs for one", () => {
    const patterns = [0x7fc00000, 0x7fc00001, 0xffc00000];
    const trees = patterns.map((bits) => fromData(new Float32Array(Uint32Array.of(bits, 0).buffer), [2]));
    expect(new Set(trees.map(hashTree)).size).toBe(1);
    const wide = [0x7ff8000000000000n, 0xfff8000000000001n];
    expect(
      new Set(wide.map((bits) => hashTree(fromData(new Float64Array(BigUint64Array.of(bits).buffer), [1])))).size,
    ).toBe(1);
  });

  property.prop([arbitraries.tensorLike({})])("of copies is the same", ({ shape, data }) => {
    expect(hashTree(fromData(data, shape))).toBe(hashTree(fromData(data.slice(), shape)));
  });
});
