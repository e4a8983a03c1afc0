import { fromData } from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";

/** What a cell is asked to do: index 0 adds, index 1 subtracts. */
export type Operation = "add" | "sub";

/** Operations in the order of their index. */
export const operations: readonly Operation[] = ["add", "sub"];

/** A batch of problems; cell 0 holds the least significant digits. */
export type Problems = {
  /** First operands, int32 `[n, cells]`, digits 0 to 9. */
  readonly a: Tensor;
  /** Second operands, int32 `[n, cells]`, digits 0 to 9. */
  readonly b: Tensor;
  /** Index into `operations`, int32 `[n]`. */
  readonly operation: Tensor;
};

/** Digits of a batch while it is being written. */
export interface Draft {
  readonly cells: number;
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly operation: Int32Array;
}

/** An empty draft: n times 0 + 0. */
export function draft(n: number, cells: number): Draft {
  return {
    cells,
    a: new Int32Array(n * cells),
    b: new Int32Array(n * cells),
    operation: new Int32Array(n),
  };
}

/** Makes problems of a draft, without copying. */
export function finish({ cells, a, b, operation }: Draft): Problems {
  const n = operation.length;
  return { a: fromData(a, [n, cells]), b: fromData(b, [n, cells]), operation: fromData(operation, [n]) };
}

/** Copies one problem from one draft or batch into a row of another draft of the same width. */
export function copyRow(from: Draft, source: number, to: Draft, target: number): void {
  const { cells } = to;
  to.a.set(from.a.subarray(source * cells, (source + 1) * cells), target * cells);
  to.b.set(from.b.subarray(source * cells, (source + 1) * cells), target * cells);
  to.operation[target] = from.operation[source]!;
}

/** The digits of problems as a draft that shares them: read only. */
export function digitsOf(problems: Problems): Draft {
  return {
    cells: problems.a.shape[1]!,
    a: problems.a.data as Int32Array,
    b: problems.b.data as Int32Array,
    operation: problems.operation.data as Int32Array,
  };
}

/**
 * Lays out pairs of digit lists as problems.
 *
 * @param pairs `[a, b]`, least significant digit first, each at most `cells` long
 * @param cells width of the strip
 * @param operation one operation for all
 */
export function problemsOf(
  pairs: readonly (readonly [readonly number[], readonly number[]])[],
  cells: number,
  operation: Operation = "add",
): Problems {
  const result = draft(pairs.length, cells);
  result.operation.fill(operations.indexOf(operation));
  for (const [row, [a, b]] of pairs.entries()) {
    result.a.set(a, row * cells);
    result.b.set(b, row * cells);
  }
  return finish(result);
}

/** Selects rows of problems, in the order given; a row may repeat. */
export function selectProblems(problems: Problems, rows: ArrayLike<number>): Problems {
  const from = digitsOf(problems);
  const to = draft(rows.length, from.cells);
  for (let index = 0; index < rows.length; index++) copyRow(from, rows[index]!, to, index);
  return finish(to);
}
