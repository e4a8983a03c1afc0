import { fits, widthsOf } from "./layout.ts";
import { meshModule } from "./memory.ts";
import type { MeshProgram, MeshShape } from "./program.ts";
import { meshReference } from "./reference.ts";
import { SimdMeshProgram } from "./simd-program.ts";

/**
 * A program that runs an automaton whose cells follow one perceptron, on any lattice, forward and back: only fired cells are
 * computed.
 *
 * WebAssembly SIMD where the engine has it, for up to 1,040 seen channels and hidden neurons; bit for bit equal to
 * `meshReference` (a zero may have the other sign).
 */
export function meshProgram(shape: MeshShape): MeshProgram {
  const known = fits(widthsOf(shape)) && meshModule(false) !== undefined;
  return known ? new SimdMeshProgram(shape) : meshReference(shape);
}
