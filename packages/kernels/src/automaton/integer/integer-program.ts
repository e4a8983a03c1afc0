import { fits, widthsOf } from "../layout.ts";
import { instantiate } from "../memory.ts";
import type { AutomatonShape } from "../program.ts";
import type { IntegerProgram } from "./program.ts";
import { integerReference } from "./reference.ts";
import { IntegerSimdProgram } from "./simd-program.ts";

/**
 * A program that runs an automaton with int8 weights: states become codes of 16 bits, sums of products are exact integers,
 * and a cell can be left alone for as long as it sees no news.
 *
 * WebAssembly SIMD where the engine has it, for up to 1,040 seen channels, hidden neurons and experts; bit for bit equal to `integerReference`.
 */
export function integerProgram(shape: AutomatonShape): IntegerProgram {
  const kernels = fits(widthsOf(shape)) ? instantiate() : undefined;
  return kernels === undefined ? integerReference(shape) : new IntegerSimdProgram(shape, kernels);
}
