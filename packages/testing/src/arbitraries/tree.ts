import fc, { type Arbitrary } from "fast-check";

/** A leaf, a list of trees or a record of trees. */
export type Tree<Leaf> = Leaf | readonly Tree<Leaf>[] | { readonly [name: string]: Tree<Leaf> };

/**
 * Trees over any leaf: a bare leaf, lists and records up to three deep, empty ones included.
 *
 * Names are short; now and then they are digits, empty, or contain dots, slashes, spaces and letters beyond ASCII: a
 * flattened path has to survive them.
 */
export function tree<Leaf>(leaf: Arbitrary<Leaf>): Arbitrary<Tree<Leaf>> {
  const name = fc.oneof(
    { arbitrary: fc.string({ unit: fc.constantFrom("a", "b", "c", "w"), minLength: 1, maxLength: 3 }), weight: 4 },
    fc.constantFrom("0", "10", "a.b", "a/b", "a b", "", "constructor", "λ"),
  );
  const level = (depth: number): Arbitrary<Tree<Leaf>> => {
    if (depth === 0) return leaf;
    const below = level(depth - 1);
    return fc.oneof(
      { arbitrary: leaf, weight: 2 },
      fc.array(below, { maxLength: 3 }),
      fc.dictionary(name, below, { maxKeys: 3, noNullPrototype: true }),
    );
  };
  return level(3);
}
