/** Name of a group of parameters. */
export type GroupName = "arc" | "equals" | "phase" | "query" | "read" | "write" | "up" | "head" | "norm";

/**
 * Where each group of parameters stands in a flat list of 54.
 *
 * `arc` radius, start and step of the digits' arc; `equals` position of the equals sign; `phase` angle from keys to
 * queries; `query` `[4, 3]`; `read` and `write` `[5]` of the rank-1 value; `up` `[2, 5]`; `head` `[2, 5]`, which is also
 * the way down of the perceptron and the way into the value; `norm` `[5]`, shared by three norms.
 */
export const layout: Readonly<Record<GroupName, { readonly start: number; readonly shape: readonly number[] }>> = {
  arc: { start: 0, shape: [3] },
  equals: { start: 3, shape: [3] },
  phase: { start: 6, shape: [] },
  query: { start: 7, shape: [4, 3] },
  read: { start: 19, shape: [5] },
  write: { start: 24, shape: [5] },
  up: { start: 29, shape: [2, 5] },
  head: { start: 39, shape: [2, 5] },
  norm: { start: 49, shape: [5] },
};

/** Number of parameters. */
export const PARAMETERS = 54;
/** Tokens the model ever reads: ten digits, 0, ten digits, equals sign, ten of the answer. */
export const TOKENS = 32;
/** Digits of the answer. */
export const ANSWER = 11;
/** Index of the equals sign. */
export const EQUALS = 21;
/** Added to the mean square in norms. */
export const EPSILON = 1e-5;
/** Factor and cubic term of the smooth rectifier's tanh form. */
export const GELU = { scale: 0.7978845608028654, cubic: 0.044715 } as const;

/** A group of a flat list, as a view. */
export function groupOf(params: Float64Array, name: GroupName): Float64Array {
  const { start, shape } = layout[name];
  return params.subarray(start, start + shape.reduce((product, length) => product * length, 1));
}
