import { ConfigError } from "@ganglion/tensor";
import { checkEdges } from "./graph.ts";

/**
 * Weights for the edges of a graph in space: the direction in which a cell sees another, as a vector of length 1. Cells
 * that lie in one place see each other in no direction, which is 0.
 *
 * @param positions `[cells, axes]`
 * @param axes axes of the space, such as 2 or 3
 * @param edges pairs of a cell and one that it sees, `[edges, 2]`
 * @returns `[edges, axes]`, for `graph({ weights })`
 * @throws ConfigError when positions do not come in as many axes, or an edge leads to no cell
 */
export function directions(positions: Float32Array, axes: number, edges: Int32Array): Float32Array {
  if (!(Number.isInteger(axes) && axes > 0 && positions.length % axes === 0)) {
    throw new ConfigError(
      "directions",
      `expected positions [cells, ${axes}], received ${positions.length} numbers. Give every cell ${axes} coordinates?`,
    );
  }
  checkEdges("directions", edges, positions.length / axes);
  const weights = new Float32Array((edges.length / 2) * axes);
  for (let edge = 0; edge < edges.length / 2; edge++) {
    const [from, to] = [edges[2 * edge]! * axes, edges[2 * edge + 1]! * axes];
    let square = 0;
    for (let axis = 0; axis < axes; axis++) square += (positions[to + axis]! - positions[from + axis]!) ** 2;
    if (square === 0) continue;
    const scale = 1 / Math.sqrt(square);
    for (let axis = 0; axis < axes; axis++) {
      weights[edge * axes + axis] = (positions[to + axis]! - positions[from + axis]!) * scale;
    }
  }
  return weights;
}
