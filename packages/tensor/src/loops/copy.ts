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
      else for (let i = 0; i < length; i++) out[o + i] = data![from + i * step]!;
    });
}
