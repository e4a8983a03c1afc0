import { ConfigError, ShapeError, show } from "./errors.ts";
import { vjpLeaves } from "./gradient.ts";
import { add } from "./operations/arithmetic.ts";
import { concat, slice, stack } from "./operations/join.ts";
import { reshape, squeeze } from "./operations/layout.ts";
import { zeros } from "./create.ts";
import { isFloat } from "./dtype.ts";
import { sameShape } from "./shape.ts";
import { innermost, lower, record, recordingTapes, resolve, whilePaused, withSubstitution } from "./tape.ts";
import type { Tape } from "./tape.ts";
import type { Tensor } from "./tensor.ts";
import { flattenTree } from "./tree.ts";
import type { Tree } from "./tree.ts";

/** What one step of a scan returns: the next carry, and an output that is stacked over the steps. */
export interface ScanStep<C extends Tree, Y extends Tree> {
  readonly carry: C;
  readonly y: Y;
}

/**
 * Runs `body` once per step, handing the carry on; costs one node of the gradient's graph whatever the number of steps,
 * because the backward pass computes each step again from its stored carry.
 *
 * @param body from carry and this step's slice of `xs` to the next carry (same shapes) and an output
 * @param xs tree whose leaves have the steps as axis 0, or the number of steps; the body then receives `[]`
 * @param options.checkpoint stores only every n-th carry and computes the rest twice; every carry by default
 * @returns last carry; `ys` `[steps, ...]`
 * @throws ShapeError when the carry changes its shape or the leaves of `xs` differ in length
 * @throws ConfigError when `checkpoint` is not a whole number from 1
 * @see Chen et al. 2016, arXiv:1604.06174 (checkpointing)
 */
export function scan<C extends Tree, X extends Tree, Y extends Tree>(
  body: (carry: C, x: X) => ScanStep<C, Y>,
  carry: C,
  xs: X | number,
  options: { readonly checkpoint?: number } = {},
): { carry: C; ys: Y } {
  const { checkpoint = 1 } = options;
  if (!Number.isInteger(checkpoint) || checkpoint < 1) {
    throw new ConfigError("scan", `expected checkpoint to be a whole number from 1, received ${checkpoint}`);
  }
  const start = flattenTree(carry);
  const inputs = flattenTree((typeof xs === "number" ? [] : xs) as X);
  const steps = typeof xs === "number" ? xs : commonLength(inputs.leaves);
  let outputs: ReturnType<typeof flattenTree<Y>> | undefined;
  const step: FlatStep = (carried, slices) => {
    const result = body(start.unflatten(carried), inputs.unflatten(slices));
    const next = flattenTree(result.carry).leaves;
    requireSameShapes(start.leaves, next, start.paths);
    outputs = flattenTree(result.y);
    return { carry: next, ys: outputs.leaves };
  };
  const result =
    checkpoint === 1
      ? scanLeaves(step, start.leaves, inputs.leaves, steps)
      : scanSegments(step, start.leaves, inputs.leaves, steps, checkpoint);
  if (outputs === undefined) throw new ShapeError("scan", "expected at least one step, received 0");
  return { carry: start.unflatten(result.carry), ys: outputs.unflatten(result.ys) };
}

/**
 * A function that stores only its inputs for the backward pass and computes the rest again.
 *
 * @see Chen et al. 2016, arXiv:1604.06174
 */
export function checkpoint<P extends Tree, V extends Tree>(f: (input: P) => V): (input: P) => V {
  return (input) => {
    const { ys } = scan((carry: P) => ({ carry, y: f(carry) }), input, 1);
    const flat = flattenTree(ys);
    return flat.unflatten(flat.leaves.map((leaf) => squeeze(leaf, 0)));
  };
}

interface FlatResult {
  readonly carry: Tensor[];
  readonly ys: Tensor[];
}
type FlatStep = (carry: Tensor[], xs: Tensor[]) => FlatResult;

/** A scan over segments, each a scan of its own whose carries are stored only while it is differentiated. */
function scanSegments(step: FlatStep, carry: Tensor[], xs: Tensor[], steps: number, length: number): FlatResult {
  const whole = Math.floor(steps / length);
  const parts: FlatResult[] = [];
  let current = carry;
  if (whole > 0) {
    const grouped = xs.map((x) => reshape(slice(x, [[0, whole * length]]), [whole, length, ...x.shape.slice(1)]));
    const segments = scanLeaves((c, x) => scanLeaves(step, c, x, length), carry, grouped, whole);
    parts.push({ ...segments, ys: segments.ys.map((y) => reshape(y, [whole * length, ...y.shape.slice(2)])) });
    current = segments.carry;
  }
  if (whole * length < steps) {
    const rest = xs.map((x) => slice(x, [[whole * length, steps]]));
    parts.push(scanLeaves(step, current, rest, steps - whole * length));
  }
  const [first, second] = parts;
  if (first === undefined || second === undefined) return first ?? { carry, ys: [] };
  return { carry: second.carry, ys: first.ys.map((y, index) => concat([y, second.ys[index]!])) };
}

function scanLeaves(step: FlatStep, carry: Tensor[], xs: Tensor[], steps: number): FlatResult {
  const result = scanUnder(recordingTapes(), step, carry.map(resolve), xs.map(resolve), steps);
  return { carry: result.carry, ys: result.ys };
}

interface StoredResult extends FlatResult {
  /** Carry before each step, `[steps, ...]`; empty when no tape is recording. */
  readonly carries: Tensor[];
}

function scanUnder(tapes: Tape[], step: FlatStep, carry: Tensor[], xs: Tensor[], steps: number): StoredResult {
  const tape = tapes.at(-1);
  if (tape === undefined) return loop(step, carry, xs, steps);
  const down = (tensors: Tensor[]): Tensor[] => tensors.map((tensor) => lower(tensor, tape));
  const { result, captured } = whilePaused(tape, () =>
    scanUnder(tapes.slice(0, -1), step, down(carry), down(xs), steps),
  );
  const inputs = [...carry, ...xs, ...captured];
  if (innermost(inputs) !== tape) return result;
  const constants = down(captured);
  const outputs = record(tape, inputs, [...result.carry, ...result.ys, ...result.carries], (cotangents) =>
    backward(step, result, down(xs), captured, constants, steps, cotangents),
  );
  return {
    carry: outputs.slice(0, carry.length),
    ys: outputs.slice(carry.length, carry.length + result.ys.length),
    carries: outputs.slice(carry.length + result.ys.length),
  };
}

function loop(step: FlatStep, start: Tensor[], xs: Tensor[], steps: number): StoredResult {
  const carries: Tensor[][] = start.map(() => []);
  const ys: Tensor[][] = [];
  let carry = start;
  for (let index = 0; index < steps; index++) {
    carry.forEach((leaf, place) => carries[place]!.push(leaf));
    const result = step(
      carry,
      xs.map((x) => row(x, index)),
    );
    carry = result.carry.map(resolve);
    result.ys.forEach((y, place) => (ys[place] ??= []).push(resolve(y)));
  }
  const stacked = (lists: Tensor[][]): Tensor[] => (steps === 0 ? [] : lists.map((list) => stack(list)));
  return { carry, ys: stacked(ys), carries: stacked(carries) };
}

/** Goes through the steps in reverse, computing each one again with its gradient. */
function backward(
  step: FlatStep,
  forward: StoredResult,
  xs: Tensor[],
  captured: readonly Tensor[],
  constants: readonly Tensor[],
  steps: number,
  cotangents: readonly (Tensor | undefined)[],
): (Tensor | undefined)[] {
  const { length } = forward.carry;
  const width = forward.ys.length;
  const outer = cotangents.slice(length, length + width);
  const stored = cotangents.slice(length + width);
  let carry: (Tensor | undefined)[] = cotangents.slice(0, length);
  const shared: (Tensor | undefined)[] = constants.map(() => undefined);
  const slices: (Tensor | undefined)[][] = xs.map(() => []);
  for (let index = steps - 1; index >= 0; index--) {
    const primals = [...forward.carries.map((c) => row(c, index)), ...xs.map((x) => row(x, index)), ...constants];
    const replay = (leaves: Tensor[]): Tensor[] => {
      const result = step(leaves.slice(0, length), leaves.slice(length, length + xs.length));
      return [...result.carry, ...result.ys];
    };
    const substitutes = (leaves: Tensor[]): Map<Tensor, Tensor> =>
      new Map(captured.map((tensor, place) => [tensor, leaves[length + xs.length + place]!]));
    let map: Map<Tensor, Tensor> = new Map();
    const { pullback } = vjpLeaves((leaves) => {
      map = substitutes(leaves);
      return withSubstitution(map, () => replay(leaves));
    }, primals);
    const incoming = [...carry, ...outer.map((y) => y && row(y, index))];
    const outgoing = withSubstitution(map, () => pullback(incoming));
    carry = outgoing.slice(0, length).map((g, place) => plus(g, stored[place] && row(stored[place], index)));
    xs.forEach((x, place) => (slices[place]![index] = outgoing[length + place] ?? zeros(x.shape.slice(1), x.dtype)));
    constants.forEach((_, place) => (shared[place] = plus(shared[place], outgoing[length + xs.length + place])));
  }
  return [
    ...carry,
    ...slices.map((list, place) => (isFloat(xs[place]!.dtype) ? stack(list as Tensor[]) : undefined)),
    ...shared,
  ];
}

const plus = (a: Tensor | undefined, b: Tensor | undefined): Tensor | undefined => (a && b ? add(a, b) : (a ?? b));

const row = (x: Tensor, index: number): Tensor => squeeze(slice(x, [[index, index + 1]]), 0);

function commonLength(leaves: readonly Tensor[]): number {
  const lengths = leaves.map((leaf) => leaf.shape[0]);
  const [first] = lengths;
  if (first !== undefined && lengths.every((length) => length === first)) return first;
  const received = leaves.map((leaf) => show(leaf.shape)).join(", ") || "no leaves";
  throw new ShapeError("scan", `expected xs with one common length of axis 0, received ${received}`);
}

function requireSameShapes(before: readonly Tensor[], after: readonly Tensor[], paths: readonly string[]): void {
  const index = before.findIndex((leaf, place) => !after[place] || !sameShape(leaf.shape, after[place].shape));
  if (index === -1 && before.length === after.length) return;
  const place = paths[index] ? ` at "${paths[index]}"` : "";
  const shapes = [before[index]?.shape ?? [], after[index]?.shape ?? []];
  throw new ShapeError(
    "scan",
    `expected a carry of shape ${show(shapes[0]!)}${place}, received ${show(shapes[1]!)}`,
    shapes,
  );
}
