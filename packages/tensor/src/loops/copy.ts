import type { Data } from "../dtype.ts";
import type { Shape } from "../shape.ts";
import type { Kernel } from "../tape.ts";
import { planStrides } from "./broadcast.ts";

/** A loop that reads the first input with the given strides from `origin` on and writes a tensor of `shape` in order. */
export function copy(shape: Shape, origin: number, strides: readonly number[]): Kernel["run"] {
  const { length, steps, forEach } = planStrides(shape, [strides]);
  const [step] = steps as [number];
  return ([data], out) =>
    forEach((o, start) => {
      const from = origin + start;
      if (step === 0) out.fill(data![from]!, o, o + length);
      else if (step === 1) copyRun(data!, from, out, o, length);
      else for (let i = 0; i < length; i++) out[o + i] = data![from + i * step]!;
    });
}

/** Shorter runs are copied faster element by element. */
const LONG = 64;

/** Copies so many elements that lie side by side, between arrays of one dtype. */
export function copyRun(source: Data, from: number, out: Data, to: number, length: number): void {
  if (length >= LONG) out.set(source.subarray(from, from + length), to);
  else for (let i = 0; i < length; i++) out[to + i] = source[from + i]!;
}
