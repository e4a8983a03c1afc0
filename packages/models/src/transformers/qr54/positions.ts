import { cos, sin } from "@ganglion/kernels";
import { TOKENS } from "./layout.ts";

/** Radius of the circle on which the ten places of a number stand, and its pitch. */
const RADIUS = 3.5;
const PITCH = 0.15;

/**
 * Positions that are not learned: each number's places stand on the same screw line; separators stand at 0.
 *
 * @returns `[32, 3]`; the row of the equals sign is 0, to be filled in
 */
export function fixedPositions(): Float64Array {
  const positions = new Float64Array(3 * TOKENS);
  for (const start of [0, 11, 22]) {
    for (let place = 0; place < 10; place++) {
      const at = 3 * (start + place);
      positions[at] = RADIUS * cos((2 * Math.PI * place) / 10);
      positions[at + 1] = RADIUS * sin((2 * Math.PI * place) / 10);
      positions[at + 2] = PITCH * place;
    }
  }
  return positions;
}
