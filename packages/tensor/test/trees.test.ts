import { arbitraries } from "@ganglion/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as t from "../src/index.ts";
import { expectRefusal } from "./support/expect-refusal.ts";

const leaf = arbitraries
  .tensorLike({ shape: arbitraries.shape({ maxRank: 2, maxLength: 3 }) })
  .map(({ shape, data }) => t.fromData(data, shape));
const anyTree = arbitraries.tree(leaf);

/** Leaves in the order in which a plain walk meets them: lists in order, records by sorted name. */
function walk(tree: t.Tree): t.Tensor[] {
  if (tree instanceof t.Tensor) return [tree];
  if (Array.isArray(tree)) return tree.flatMap((child: t.Tree) => walk(child));
  return Object.keys(tree)
    .toSorted()
    .flatMap((name) => walk((tree as Record<string, t.Tree>)[name]!));
}

describe("flattenTree", () => {
  test("gives back the same tree", () => {
    fc.assert(
      fc.property(anyTree, (tree) => {
        const { leaves, unflatten } = t.flattenTree(tree);
        expect(unflatten(leaves)).toEqual(tree);
      }),
    );
  });

  test("lists leaves by sorted name, each with a path", () => {
    fc.assert(
      fc.property(anyTree, (tree) => {
        const { leaves, paths } = t.flattenTree(tree);
        expect(leaves).toEqual(walk(tree));
        expect(paths).toHaveLength(leaves.length);
      }),
    );
    const { paths } = t.flattenTree({
      w2: t.zeros([1]),
      layers: [{ b: t.zeros([1]) }, t.zeros([1])],
      w1: t.zeros([1]),
    });
    expect(paths).toEqual(["layers.0.b", "layers.1", "w1", "w2"]);
    expect(t.flattenTree(t.zeros([1])).paths).toEqual([""]);
  });

  test("puts other leaves into the same places, keeping the order in which names were written", () => {
    const { unflatten } = t.flattenTree({ b: t.zeros([1]), a: [t.zeros([1])] });
    const built = unflatten([t.tensor(1), t.tensor(2)]);
    expect(built).toEqual({ b: t.tensor(2), a: [t.tensor(1)] });
    expect(Object.keys(built)).toEqual(["b", "a"]);
  });

  test("does not mistake names like __proto__ for anything else", () => {
    const tree = JSON.parse('{"__proto__": 0, "constructor": 0}') as Record<string, t.Tree>;
    Object.defineProperty(tree, "__proto__", {
      value: t.tensor(1),
      enumerable: true,
      configurable: true,
      writable: true,
    });
    tree["constructor"] = t.tensor(2);
    const { leaves, unflatten } = t.flattenTree(tree);
    expect(leaves.map((each) => each.item())).toEqual([1, 2]);
    expect(Object.keys(unflatten(leaves))).toEqual(["__proto__", "constructor"]);
  });

  test("refuses what is no tree, and the wrong number of leaves", () => {
    const refused = (tree: unknown, what: string): void =>
      expectRefusal(
        () => t.flattenTree(tree as t.Tree),
        "ShapeError",
        `tree: expected tensors, lists and records, received ${what}`,
      );
    refused({ a: [t.zeros([1]), 1] }, 'number at "a.1"');
    refused(null, "null at its root");
    refused({ w: new Float32Array(2) }, 'Float32Array at "w"');
    refused([undefined], 'undefined at "0"');
    expectRefusal(
      () => t.flattenTree([t.zeros([1])]).unflatten([]),
      "ShapeError",
      "unflatten: expected 1 leaves, received 0",
    );
  });
});

describe("mapTree", () => {
  test("keeps the structure: the identity changes nothing, and two maps are one", () => {
    const double = (x: t.Tensor): t.Tensor => t.mul(x, 2);
    fc.assert(
      fc.property(anyTree, (tree) => {
        expect(t.mapTree((x) => x, tree)).toEqual(tree);
        expect(t.mapTree(double, t.mapTree(t.neg, tree))).toEqual(t.mapTree((x) => double(t.neg(x)), tree));
        expect(t.mapTree(t.add, tree, tree)).toEqual(t.mapTree(double, tree));
      }),
    );
  });

  test("goes through further trees in step, whatever the order of their names", () => {
    const a = { x: t.tensor(1), y: t.tensor(2) };
    const b = { y: t.tensor(20), x: t.tensor(10) };
    expect(t.mapTree(t.add, a, b)).toEqual({ x: t.tensor(11), y: t.tensor(22) });
  });

  test("refuses trees with other leaves", () => {
    const one = t.zeros([1]);
    for (const [first, second, place] of [
      [{ a: one }, { b: one }, "b"],
      [[one], [one, one], "1"],
      [[one, one], [one], "1"],
    ] as const) {
      expectRefusal(
        () => t.mapTree((x) => x, first, second),
        "ShapeError",
        `mapTree: expected trees with the same leaves, received a difference at "${place}"`,
      );
    }
  });
});

describe("countParameters", () => {
  test("adds up the elements of all leaves", () => {
    fc.assert(
      fc.property(anyTree, (tree) => {
        expect(t.countParameters(tree)).toBe(walk(tree).reduce((total, { size }) => total + size, 0));
      }),
    );
  });

  test("counts a tensor in several places once: tied weights", () => {
    const shared = t.zeros([3, 4]);
    expect(t.countParameters({ embed: shared, head: shared, bias: t.zeros([3]) })).toBe(15);
    expect(t.countParameters([shared, t.reshape(shared, [12])])).toBe(12);
  });
});
