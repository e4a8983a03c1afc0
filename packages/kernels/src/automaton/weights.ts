import { expertLength } from "./layout.ts";
import type { Plan, Widths } from "./layout.ts";
import { statesSeen } from "./program.ts";
import type { AutomatonShape, MixtureWeights } from "./program.ts";

/** Copies rows between an array without padding and one whose rows are `toWidth` apart. */
export function copyRows(
  from: Float32Array,
  fromAt: number,
  fromWidth: number,
  to: Float32Array,
  toAt: number,
  toWidth: number,
  rows: number,
): void {
  if (fromWidth === toWidth) {
    to.set(from.subarray(fromAt, fromAt + rows * fromWidth), toAt);
    return;
  }
  const width = Math.min(fromWidth, toWidth);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < width; i++) to[toAt + row * toWidth + i] = from[fromAt + row * fromWidth + i]!;
  }
}

/** Where each matrix of the weights stands: in its own array, and in the kernels' memory. */
function* blocks(
  shape: AutomatonShape,
  widths: Widths,
  { router, expert }: { readonly router: number; readonly expert: number },
): Generator<{ name: keyof MixtureWeights; from: number; width: number; to: number; toWidth: number; rows: number }> {
  const { channels, hidden, experts } = shape;
  const parts = statesSeen(shape);
  // what a cell sees is padded state by state
  for (let n = 0; n < parts; n++) {
    const to = router + n * widths.channels * widths.scores;
    const from = n * channels * experts;
    yield { name: "routerWeight", from, width: experts, to, toWidth: widths.scores, rows: channels };
  }
  const bias = router + widths.seen * widths.scores;
  yield { name: "routerBias", from: 0, width: experts, to: bias, toWidth: widths.scores, rows: 1 };
  for (let e = 0; e < experts; e++) {
    const w1 = expert + e * expertLength(widths);
    const seen = parts * channels;
    for (let n = 0; n < parts; n++) {
      const from = (e * seen + n * channels) * hidden;
      const to = w1 + n * widths.channels * widths.hidden;
      yield { name: "w1", from, width: hidden, to, toWidth: widths.hidden, rows: channels };
    }
    const b1 = w1 + widths.seen * widths.hidden;
    const w2 = b1 + widths.hidden;
    const b2 = w2 + widths.hidden * widths.channels;
    yield { name: "b1", from: e * hidden, width: hidden, to: b1, toWidth: widths.hidden, rows: 1 };
    yield { name: "w2", from: e * hidden * channels, width: channels, to: w2, toWidth: widths.channels, rows: hidden };
    yield { name: "b2", from: e * channels, width: channels, to: b2, toWidth: widths.channels, rows: 1 };
  }
}

/** Copies weights into the kernels' memory; the padding there stays 0. */
export function writeWeights(
  shape: AutomatonShape,
  widths: Widths,
  weights: MixtureWeights,
  memory: Float32Array,
  plan: Plan,
): void {
  const at = { router: plan.routerWeight / 4, expert: plan.expert / 4 };
  for (const { name, from, width, to, toWidth, rows } of blocks(shape, widths, at)) {
    copyRows(weights[name], from, width, memory, to, toWidth, rows);
  }
}

/** Copies gradients of weights out of the kernels' memory, where those of `w1` are transposed. */
export function readGradients(shape: AutomatonShape, widths: Widths, memory: Float32Array, plan: Plan): MixtureWeights {
  const { channels, hidden, experts } = shape;
  const seen = statesSeen(shape) * channels;
  const gradients: MixtureWeights = {
    routerWeight: new Float32Array(seen * experts),
    routerBias: new Float32Array(experts),
    w1: new Float32Array(experts * seen * hidden),
    b1: new Float32Array(experts * hidden),
    w2: new Float32Array(experts * hidden * channels),
    b2: new Float32Array(experts * channels),
  };
  const at = { router: plan.routerGradient / 4, expert: plan.expertGradient / 4 };
  for (const { name, from, width, to, toWidth, rows } of blocks(shape, widths, at)) {
    if (name !== "w1") copyRows(memory, to, toWidth, gradients[name], from, width, rows);
  }
  for (let e = 0; e < experts; e++) {
    const matrix = memory.subarray(at.expert + e * expertLength(widths));
    for (let i = 0; i < seen; i++) {
      const column = Math.floor(i / channels) * widths.channels + (i % channels);
      const row = (e * seen + i) * hidden;
      for (let k = 0; k < hidden; k++) gradients.w1[row + k] = matrix[k * widths.seen + column]!;
    }
  }
  return gradients;
}
