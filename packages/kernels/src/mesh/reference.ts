// The automaton in plain loops. Every product and sum is rounded to float32, in the order that the SIMD code has.
import { tanh32 } from "../math32.ts";
import { partsSeen } from "./program.ts";
import type { MeshProgram, MeshRun, MeshShape, MeshWeights } from "./program.ts";
import { backwardReference } from "./reference-backward.ts";

const f = Math.fround;

/** What the way back needs of a roll-out: what cells showed before each step, and the states before and after. */
export interface ReferenceTape {
  readonly run: MeshRun;
  readonly shown: readonly Float32Array[];
  readonly states: readonly Float32Array[];
}

/** The definition of `meshProgram`: readable, and slow. */
export function meshReference(shape: MeshShape): MeshProgram {
  let weights: MeshWeights | undefined;
  let tape: ReferenceTape | undefined;
  return {
    load: (next) => (weights = next),
    run(run) {
      tape = rollOut(shape, weights!, run);
      return run.keep === true ? tape.states.slice(1) : tape.states.slice(-1);
    },
    backward: (cotangents) => backwardReference(shape, weights!, tape!, cotangents),
  };
}

function rollOut(shape: MeshShape, weights: MeshWeights, run: MeshRun): ReferenceTape {
  const { channels, update } = shape;
  const { masks, inputs } = run;
  const states = [run.state.slice()];
  const shown: Float32Array[] = [];
  for (const mask of masks) {
    const state = states.at(-1)!;
    const view = inputs === undefined ? state : state.map((value, i) => value + inputs[i]!);
    const next = state.slice();
    for (let row = 0; row < mask.length; row++) {
      if (mask[row] === 0) continue;
      const { output } = think(shape, weights, perceive(shape, view, row));
      for (let i = 0; i < channels; i++) {
        const at = row * channels + i;
        next[at] = update === "tanh" ? tanh32(output[i]!) : next[at]! + f(output[i]! * f(update.scale));
      }
    }
    shown.push(view);
    states.push(next);
  }
  return { run, shown, states };
}

/** What one cell sees `[seen]`. */
export function perceive(shape: MeshShape, view: Float32Array, row: number): Float32Array {
  const { cells, channels, copies, neighbours, edges } = shape;
  const cell = row % cells;
  const seen = new Float32Array(partsSeen(shape) * channels);
  const shownBy = (other: number): Float32Array =>
    view.subarray((row - cell + other) * channels, (row - cell + other + 1) * channels);
  for (let copy = 0; copy < copies; copy++) {
    const other = neighbours[cell * copies + copy]!;
    if (other >= 0) seen.set(shownBy(other), copy * channels);
  }
  if (edges === undefined) return seen;
  const { sums, offsets, sources, weights } = edges;
  for (let edge = offsets[cell]!; edge < offsets[cell + 1]!; edge++) {
    const values = shownBy(sources[edge]!);
    for (let sum = 0; sum < sums; sum++) {
      const weight = weights[edge * sums + sum]!;
      for (let i = 0; i < channels; i++) {
        const at = (copies + sum) * channels + i;
        seen[at] = f(seen[at]! + f(weight * values[i]!));
      }
    }
  }
  return seen;
}

/** Hidden neurons and output of the perceptron. */
export function think(
  { hidden: width, channels, activation }: MeshShape,
  { w1, b1, w2, b2 }: MeshWeights,
  seen: Float32Array,
): { hidden: Float32Array; output: Float32Array } {
  const sums = addProduct(b1, seen, (k, j) => w1[k * width + j]!);
  const hidden = sums.map((x) => (activation === "tanh" ? tanh32(x) : x < 0 ? 0 : x));
  return { hidden, output: addProduct(b2, hidden, (k, j) => w2[k * channels + j]!) };
}

/** `start + x w`, element by element a chain over the inner index. */
export function addProduct(
  start: Float32Array,
  x: Float32Array,
  weight: (inner: number, column: number) => number,
): Float32Array {
  return start.map((first, column) => {
    let sum = first;
    for (let k = 0; k < x.length; k++) sum = f(sum + f(x[k]! * weight(k, column)));
    return sum;
  });
}
