/** Assignments in the order of their experts. */
export interface Grouping {
  /** Places in the flat assignment list `[rows * k]`, sorted by expert; equal experts keep their order. */
  readonly order: Int32Array;
  /** Expert of each sorted assignment `[rows * k]`. */
  readonly experts: Int32Array;
  /** Assignments per expert `[experts]`. */
  readonly sizes: Int32Array;
}

/**
 * Stable counting sort of assignments by expert, in one pass over the list and one over the experts.
 *
 * @param assigned expert of each assignment, each in [0, `experts`)
 */
export function groupByExpert(assigned: ArrayLike<number>, experts: number): Grouping {
  const sizes = new Int32Array(experts);
  for (let i = 0; i < assigned.length; i++) sizes[assigned[i]!]!++;
  const next = new Int32Array(experts);
  for (let e = 1; e < experts; e++) next[e] = next[e - 1]! + sizes[e - 1]!;
  const order = new Int32Array(assigned.length);
  const sorted = new Int32Array(assigned.length);
  for (let i = 0; i < assigned.length; i++) {
    const expert = assigned[i]!;
    const place = next[expert]!++;
    order[place] = i;
    sorted[place] = expert;
  }
  return { order, experts: sorted, sizes };
}
