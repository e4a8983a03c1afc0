import { ConfigError, ShapeError, show } from "./errors.ts";
import { vjpLeaves } from "./gradient.ts";
import { add } from "./operations/arithmetic.ts";
import { concat, slice, stack } from "./operations/join.ts";
import { reshape, squeeze } from "./operations/layout.ts";
import { zerosLike } from "./create.ts";
import { isFloat } from "./dtype.ts";
import { sameShape } from "./shape.ts";
import {
  currentRecorder,
  innermost,
  keepingSubstitutions,
  lower,
  record,
  recordingTapes,
  resolve,
  whilePaused,
  withSubstitution,
} from "./tape.ts";
import type { Loop, LoopResult, Tape } from "./tape.ts";
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

type FlatStep = Loop["step"];

/** A scan over segments, each a scan of its own whose carries are stored only while it is differentiated. */
function scanSegments(step: FlatStep, carry: Tensor[], xs: Tensor[], steps: number, length: number): LoopResult {
  const whole = Math.floor(steps / length);
  const parts: LoopResult[] = [];
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

function scanLeaves(step: FlatStep, carry: Tensor[], xs: Tensor[], steps: number, reverse = false): LoopResult {
  const tapes = recordingTapes();
  const loop = { step, carry: carry.map(resolve), xs: xs.map(resolve), steps, reverse };
  if (tapes.length === 0) return runLoop(loop);
  const { carry: last, ys } = scanUnder(tapes, { ...loop, step: keepingSubstitutions(storingCarry(step)) });
  return { carry: last, ys: ys.slice(0, ys.length - carry.length) };
}

/** The same step with the carry that it received as further outputs: what the backward pass starts each step from. */
function storingCarry(step: FlatStep): FlatStep {
  return (carry, xs) => {
    const result = step(carry, xs);
    return { carry: result.carry, ys: [...result.ys, ...carry] };
  };
}

/** Runs a loop on plain values and puts it as one node on each of the tapes that tracks something it reads. */
function scanUnder(tapes: readonly Tape[], loop: Loop): LoopResult {
  const tape = tapes.at(-1);
  if (tape === undefined) return runLoop(loop);
  const down = (tensors: readonly Tensor[]): Tensor[] => tensors.map((tensor) => lower(tensor, tape));
  const below = { ...loop, carry: down(loop.carry), xs: down(loop.xs) };
  const { result, captured } = whilePaused(tape, () => scanUnder(tapes.slice(0, -1), below));
  const inputs = [...loop.carry, ...loop.xs, ...captured];
  if (innermost(inputs) !== tape) return result;
  const outputs = record(tape, inputs, [...result.carry, ...result.ys], (cotangents) =>
    backward(below, result, captured, down(captured), cotangents),
  );
  return { carry: outputs.slice(0, loop.carry.length), ys: outputs.slice(loop.carry.length) };
}

function runLoop(loop: Loop): LoopResult {
  const recorder = currentRecorder();
  if (recorder !== undefined) return recorder.recordLoop(loop);
  const ys: Tensor[][] = [];
  let carry = [...loop.carry];
  for (let turn = 0; turn < loop.steps; turn++) {
    const index = loop.reverse ? loop.steps - 1 - turn : turn;
    const result = loop.step(
      carry,
      loop.xs.map((x) => squeeze(slice(x, [[index, index + 1]]), 0)),
    );
    carry = result.carry.map(resolve);
    result.ys.forEach((y, place) => ((ys[place] ??= [])[index] = resolve(y)));
  }
  return { carry, ys: ys.map((list) => stack(list)) };
}

/** The loop in the other direction: each step is computed again from its stored carry, with its gradient. */
function backward(
  { step, carry, xs, steps, reverse }: Loop,
  forward: LoopResult,
  captured: readonly Tensor[],
  constants: readonly Tensor[],
  cotangents: readonly (Tensor | undefined)[],
): (Tensor | undefined)[] {
  const { length } = carry;
  const carries = forward.ys.slice(forward.ys.length - length);
  const incoming = forward.ys.map((_, place) => cotangents[length + place]);
  const stepBack: FlatStep = (flowing, given) => {
    const next = reader(given);
    const primals = [...carries.map(() => next()), ...xs.map(() => next()), ...constants];
    const outer = incoming.map((y) => (y === undefined ? undefined : next()));
    const { pullback } = vjpLeaves((leaves) => {
      const replaced = leaves.slice(length + xs.length);
      const substitutes = new Map(captured.map((tensor, place) => [tensor, replaced[place]!]));
      const { carry: after, ys } = withSubstitution(substitutes, () =>
        step(leaves.slice(0, length), leaves.slice(length, length + xs.length)),
      );
      return [...after, ...ys];
    }, primals);
    const flow = reader(flowing);
    const inner = carry.map((leaf) => (isFloat(leaf.dtype) ? flow() : undefined));
    const outgoing = pullback([...inner, ...outer]);
    const cotangentOf = (place: number): Tensor => outgoing[place] ?? zerosLike(primals[place]!);
    return {
      carry: [
        ...floatPlaces(carry).map(cotangentOf),
        ...floatPlaces(constants).map((place) => {
          const share = outgoing[length + xs.length + place];
          const total = flow();
          return share === undefined ? total : add(total, share);
        }),
      ],
      ys: floatPlaces(xs).map((place) => cotangentOf(length + place)),
    };
  };
  const start = [
    ...floatPlaces(carry).map((place) => cotangents[place] ?? zerosLike(carry[place]!)),
    ...floatPlaces(constants).map((place) => zerosLike(constants[place]!)),
  ];
  const given = [...carries, ...xs, ...incoming.filter((y) => y !== undefined)];
  const result = scanLeaves(stepBack, start, given, steps, !reverse);
  const totals = reader(result.carry);
  const slices = reader(result.ys);
  return [
    ...carry.map((leaf) => (isFloat(leaf.dtype) ? totals() : undefined)),
    ...xs.map((leaf) => (isFloat(leaf.dtype) ? slices() : undefined)),
    ...constants.map((leaf) => (isFloat(leaf.dtype) ? totals() : undefined)),
  ];
}

/** Hands out the tensors of a list, one at a time. */
function reader(tensors: readonly Tensor[]): () => Tensor {
  let next = 0;
  return () => tensors[next++]!;
}

const floatPlaces = (tensors: readonly Tensor[]): number[] =>
  tensors.flatMap((tensor, place) => (isFloat(tensor.dtype) ? [place] : []));

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
