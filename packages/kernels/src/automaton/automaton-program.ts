import { fits, widthsOf } from "./layout.ts";
import { instantiate } from "./memory.ts";
import type { AutomatonProgram, AutomatonShape } from "./program.ts";
import { automatonReference } from "./reference.ts";
import { SimdProgram } from "./simd-program.ts";

/**
 * A program that runs an automaton whose cells follow a mixture of experts, forward and back: only fired cells, and only the
 * experts that they ask, are computed.
 *
 * WebAssembly SIMD where the engine has it, for up to 1,040 seen channels, hidden neurons and experts; bit for bit equal to `automatonReference` (a zero may have the other sign).
 */
export function automatonProgram(shape: AutomatonShape): AutomatonProgram {
  const kernels = fits(widthsOf(shape)) ? instantiate() : undefined;
  return kernels === undefined ? automatonReference(shape) : new SimdProgram(shape, kernels);
}
