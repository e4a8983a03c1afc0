import { address, scratch, simd } from "../copies.ts";
import type { Values } from "../elementwise/binary-loops.ts";
import { kernelsAt } from "../reserve.ts";
import type { Simd } from "../simd.ts";

/** Numbers of one update by Adam that are the same for all parameters. */
export interface AdamFactors {
  /** Shares of the old mean and of the new gradient in the next mean. */
  readonly keep1: number;
  readonly take1: number;
  /** The same for the mean of squares. */
  readonly keep2: number;
  readonly take2: number;
  /** Minus the learning rate, over the correction of the mean. */
  readonly scale: number;
  /** One over the root of the correction of the mean square. */
  readonly rootScale: number;
  /** Added to the root. */
  readonly epsilon: number;
  /** Share of each parameter that decays. */
  readonly shrink: number;
}

/** What an update reads, all of one length. */
export interface AdamInputs<Elements extends Values = Values> {
  readonly params: Elements;
  readonly grads: Elements;
  readonly mean: Elements;
  readonly square: Elements;
}

/** Float32 elements of each operand that pass through the kernels' memory at once. */
const CHUNK = 16384;

/**
 * One update by Adam: `mean' = keep1 * mean + take1 * g`, `square' = keep2 * square + take2 * g^2`, and the change is
 * `scale * mean' / (rootScale * sqrt(square') + epsilon) - shrink * param`.
 *
 * Every operation is rounded to the precision of the operands; SIMD computes float32 with the same bits.
 *
 * @param out `[3, n]`: the changes, the next mean, the next mean square
 */
export function adam(inputs: AdamInputs, factors: AdamFactors, out: Values): void {
  if (!isSingle(inputs) || !(out instanceof Float32Array)) return adamLoop(inputs, factors, out, exact);
  const { params, grads, mean, square } = inputs;
  const resident = kernelsAt(params, grads, out) && kernelsAt(mean, square, out);
  const n = params.length;
  if (resident !== undefined) {
    const places = [params, grads, mean, square, out].map(({ byteOffset }) => byteOffset) as Places;
    return call(resident, places, n * 4, n, factors);
  }
  const copying = simd();
  if (copying === undefined) adamLoop(inputs, factors, out, Math.fround);
  else adamOnCopies(copying, inputs, factors, out);
}

/** The readable reference: the same bits as `adam`, one element after the other. */
export function adamReference(inputs: AdamInputs, factors: AdamFactors, out: Values): void {
  adamLoop(inputs, factors, out, out instanceof Float32Array ? Math.fround : exact);
}

function adamLoop(
  { params, grads, mean, square }: AdamInputs,
  factors: AdamFactors,
  out: Values,
  round: (value: number) => number,
): void {
  const n = params.length;
  const keep1 = round(factors.keep1);
  const take1 = round(factors.take1);
  const keep2 = round(factors.keep2);
  const take2 = round(factors.take2);
  const scale = round(factors.scale);
  const rootScale = round(factors.rootScale);
  const epsilon = round(factors.epsilon);
  const shrink = round(factors.shrink);
  for (let i = 0; i < n; i++) {
    const g = grads[i]!;
    const m = round(round(keep1 * mean[i]!) + round(take1 * g));
    const s = round(round(keep2 * square[i]!) + round(take2 * round(g * g)));
    const root = round(round(round(Math.sqrt(s)) * rootScale) + epsilon);
    out[i] = round(round(round(scale * m) / root) - round(shrink * params[i]!));
    out[n + i] = m;
    out[2 * n + i] = s;
  }
}

const exact = (value: number): number => value;

const isSingle = (inputs: AdamInputs): inputs is AdamInputs<Float32Array> => inputs.params instanceof Float32Array;

/** Addresses of parameters, gradients, mean, mean square and output. */
type Places = [number, number, number, number, number];

/** @param row bytes from one row of the output to the next */
function call(kernels: Simd, [p, g, m, s, out]: Places, row: number, n: number, factors: AdamFactors): void {
  const { keep1, take1, keep2, take2, scale, rootScale, epsilon, shrink } = factors;
  kernels.adam(p, g, m, s, out, row, n, keep1, take1, keep2, take2, scale, rootScale, epsilon, shrink);
}

function adamOnCopies(
  kernels: Simd,
  { params, grads, mean, square }: AdamInputs<Float32Array>,
  factors: AdamFactors,
  out: Float32Array,
): void {
  const memory = scratch(kernels, 7 * CHUNK);
  const places = [0, 1, 2, 3, 4].map((operand) => address(operand * CHUNK)) as Places;
  for (let start = 0; start < params.length; start += CHUNK) {
    const length = Math.min(CHUNK, params.length - start);
    for (const [operand, values] of [params, grads, mean, square].entries()) {
      memory.set(values.subarray(start, start + length), operand * CHUNK);
    }
    call(kernels, places, CHUNK * 4, length, factors);
    for (let row = 0; row < 3; row++) {
      const from = (4 + row) * CHUNK;
      out.set(memory.subarray(from, from + length), row * params.length + start);
    }
  }
}
