import { add, concat, expandDims, slice, take } from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";
import type { Problems } from "../problems/problems.ts";
import type { AdderParams } from "./adder.ts";

/** What each cell sees of its problem: its two digits, the operation, and where it stands. */
export function embed(
  { digits, operations, positions }: Pick<AdderParams, "digits" | "operations" | "positions">,
  problems: Problems,
): Tensor {
  const [first, second] = digits as [Tensor, Tensor | undefined];
  let seen =
    second === undefined
      ? add(take(first, problems.a), take(first, problems.b))
      : concat([take(first, problems.a), take(second, problems.b)], 2);
  for (const table of operations) seen = add(seen, expandDims(take(table, problems.operation), 1));
  for (const table of positions) seen = add(seen, slice(table, [[0, problems.a.shape[1]!], null]));
  return seen;
}
