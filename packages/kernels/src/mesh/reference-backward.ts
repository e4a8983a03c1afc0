import { partsOf } from "./parts.ts";
import { partsSeen } from "./program.ts";
import type { MeshGradients, MeshShape, MeshWeights } from "./program.ts";
import { addProduct, perceive, think } from "./reference.ts";
import type { ReferenceTape } from "./reference.ts";
import { viewersOf } from "./viewers.ts";

const f = Math.fround;
const NAMES = ["w1", "b1", "w2", "b2"] as const;

/** The way back through a roll-out, from the gradients of the states that it returned. */
export function backwardReference(
  shape: MeshShape,
  weights: MeshWeights,
  { run, shown, states }: ReferenceTape,
  cotangents: readonly Float32Array[],
): MeshGradients {
  const { masks, keep = false, inputs } = run;
  const steps = masks.length;
  const parts = partsOf(run.state.length / shape.channels).map((part) => ({ ...part, sums: zerosLike(weights) }));
  const viewers = viewersOf(shape);
  const gradient = keep ? new Float32Array(run.state.length) : cotangents[0]!.slice();
  const ofInputs = inputs && new Float32Array(run.state.length);
  for (let step = steps - 1; step >= 0; step--) {
    if (keep) addTo(gradient, cotangents[step]!);
    const ofSeen = new Float32Array(run.state.length * partsSeen(shape));
    for (const { first, last, sums } of parts) {
      for (let row = first; row < last; row++) {
        if (masks[step]![row] === 1) {
          throughCell(shape, weights, shown[step]!, states[step + 1]!, row, { gradient, ofSeen, sums });
        }
      }
    }
    const owed = collect(shape, viewers, ofSeen);
    addTo(gradient, owed);
    if (ofInputs !== undefined) addTo(ofInputs, owed);
  }
  const total = zerosLike(weights);
  for (const { sums } of parts) for (const name of NAMES) addTo(total[name], sums[name]);
  return { state: gradient, inputs: ofInputs, ...total };
}

/** Adds one fired cell's part to the gradients of the weights, and writes that of what it saw. */
function throughCell(
  shape: MeshShape,
  weights: MeshWeights,
  view: Float32Array,
  next: Float32Array,
  row: number,
  to: { readonly gradient: Float32Array; readonly ofSeen: Float32Array; readonly sums: MeshWeights },
): void {
  const { channels, hidden: width, update, activation } = shape;
  const seen = perceive(shape, view, row);
  const { hidden } = think(shape, weights, seen);
  const ofOutput = new Float32Array(channels);
  for (let i = 0; i < channels; i++) {
    const at = row * channels + i;
    const s = next[at]!;
    ofOutput[i] = to.gradient[at]! * (update === "tanh" ? f(1 - f(s * s)) : f(update.scale));
    if (update === "tanh") to.gradient[at] = 0;
  }
  const { w1, w2 } = weights;
  const slopes = addProduct(new Float32Array(width), ofOutput, (k, j) => w2[j * channels + k]!).map((slope, j) => {
    const h = hidden[j]!;
    return activation === "tanh" ? slope * f(1 - f(h * h)) : h > 0 ? slope : 0;
  });
  addOuter(to.sums.w1, seen, slopes);
  addTo(to.sums.b1, slopes);
  addOuter(to.sums.w2, hidden, ofOutput);
  addTo(to.sums.b2, ofOutput);
  const ofSeen = addProduct(new Float32Array(seen.length), slopes, (k, j) => w1[j * width + k]!);
  to.ofSeen.set(ofSeen, row * seen.length);
}

/** What its viewers owe to each cell, viewer after viewer. */
function collect(shape: MeshShape, viewers: ReturnType<typeof viewersOf>, ofSeen: Float32Array): Float32Array {
  const { cells, channels } = shape;
  const width = partsSeen(shape) * channels;
  const owed = new Float32Array(ofSeen.length / partsSeen(shape));
  for (let row = 0; row < owed.length / channels; row++) {
    const cell = row % cells;
    for (let v = viewers.offsets[cell]!; v < viewers.offsets[cell + 1]!; v++) {
      const from = (row - cell) * width + viewers.places[v]! * channels;
      for (let i = 0; i < channels; i++) {
        const at = row * channels + i;
        owed[at] = f(owed[at]! + f(viewers.factors[v]! * ofSeen[from + i]!));
      }
    }
  }
  return owed;
}

function addOuter(to: Float32Array, a: Float32Array, b: Float32Array): void {
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < b.length; j++) {
      const at = i * b.length + j;
      to[at] = f(to[at]! + f(a[i]! * b[j]!));
    }
  }
}

function addTo(to: Float32Array, from: Float32Array): void {
  for (let i = 0; i < to.length; i++) to[i] = to[i]! + from[i]!;
}

function zerosLike({ w1, b1, w2, b2 }: MeshWeights): MeshWeights {
  return { w1: zeros(w1), b1: zeros(b1), w2: zeros(w2), b2: zeros(b2) };
}

const zeros = ({ length }: Float32Array): Float32Array => new Float32Array(length);
