import { key, tensor } from "@ganglion/tensor";
import { describe, expect, test } from "vitest";
import { directions, graph, mlp, perceive } from "../src/index.ts";

const edges = Int32Array.of(2, 0, 0, 1, 2, 1, 0, 0);
const state = tensor([
  [
    [1, 10],
    [2, 20],
    [3, 30],
  ],
  [
    [4, 40],
    [5, 50],
    [6, 60],
  ],
]);
const rows = Int32Array.of(0, 1, 5);

describe("graph", () => {
  test("lets cells see themselves and the sum of those at their edges", () => {
    const lattice = graph({ cells: 3, edges });
    expect(lattice).toMatchObject({ kind: "graph", cells: 3, neighbourhood: 2, neighbours: Int32Array.of(0, 1, 2) });
    expect(perceive(lattice, state, rows).toArray()).toEqual([
      [1, 10, 3, 30],
      [2, 20, 0, 0],
      [6, 60, 9, 90],
    ]);
  });

  test("takes means", () => {
    expect(perceive(graph({ cells: 3, edges, weights: "mean" }), state, rows).toArray()).toEqual([
      [1, 10, 1.5, 15],
      [2, 20, 0, 0],
      [6, 60, 4.5, 45],
    ]);
  });

  test("takes as many sums as an edge has weights, in the order of the edges", () => {
    const lattice = graph({ cells: 3, edges, weights: Float32Array.of(1, 0, 2, 0.5, 3, 1, 4, 2) });
    expect(lattice.edges).toEqual({
      sums: 2,
      offsets: Int32Array.of(0, 2, 2, 4),
      sources: Int32Array.of(1, 0, 0, 1),
      weights: Float32Array.of(2, 0.5, 4, 2, 1, 0, 3, 1),
    });
    expect(perceive(lattice, state, rows).toArray()).toEqual([
      [1, 10, 8, 80, 3, 30],
      [2, 20, 0, 0, 0, 0],
      [6, 60, 19, 190, 5, 50],
    ]);
  });

  test("may have no edges", () => {
    const lattice = graph({ cells: 2, edges: new Int32Array(0) });
    expect(perceive(lattice, tensor([[[1], [2]]]), Int32Array.of(1)).toArray()).toEqual([[2, 0]]);
  });

  test.each([
    [{ cells: 0, edges }, "expected cells to be a whole number of at least 1, received 0. Give cells as a count?"],
    [
      { cells: 3, edges: Int32Array.of(1) },
      "expected edges as pairs, received 1 numbers. Give each edge as a cell and one that it sees?",
    ],
    [{ cells: 2, edges }, "expected edges between cells 0 to 1, received 2 in edge 0. Count cells from 0?"],
    [
      { cells: 3, edges, weights: new Float32Array(6) },
      "expected finite weights [4, sums], received 6 numbers. Give every edge as many weights as there are sums?",
    ],
    [
      { cells: 3, edges, weights: Float32Array.of(1, NaN, 1, 1) },
      "expected finite weights [4, sums], received 4 numbers. Give every edge as many weights as there are sums?",
    ],
  ])("refuses what does not fit: %o", (config, message) => {
    expect(() => graph(config)).toThrow(expect.objectContaining({ name: "ConfigError", message: `graph: ${message}` }));
  });
});

describe("directions", () => {
  test("are vectors of length 1 from a cell to what it sees", () => {
    const positions = Float32Array.of(0, 0, 3, 4, 0, -2);
    const weights = directions(positions, 2, Int32Array.of(0, 1, 1, 0, 0, 2, 2, 2));
    expect(weights).toEqual(Float32Array.of(0.6, 0.8, -0.6, -0.8, 0, -1, 0, 0));
  });

  test("refuse positions and edges that do not fit", () => {
    const error = (message: string): unknown => expect.objectContaining({ name: "ConfigError", message });
    expect(() => directions(new Float32Array(5), 2, edges)).toThrow(
      error("directions: expected positions [cells, 2], received 5 numbers. Give every cell 2 coordinates?"),
    );
    expect(() => directions(new Float32Array(4), 2, edges)).toThrow(
      error("directions: expected edges between cells 0 to 1, received 2 in edge 0. Count cells from 0?"),
    );
  });
});

describe("mlp", () => {
  test("starts with weights of given deviations and no biases", () => {
    const { w1, b1, w2, b2 } = mlp({ inputs: 36, outputs: 12, deviations: { w2: 0 } }).init(key(1));
    expect([w1.shape, b1.shape, w2.shape, b2.shape]).toEqual([[36, 48], [48], [48, 12], [12]]);
    const square = Array.from(w1.data, (x) => x * x).reduce((a, b) => a + b) / w1.size;
    expect(Math.sqrt(square)).toBeCloseTo(Math.sqrt(2 / 36), 2);
    expect([b1, w2, b2].every(({ data }) => Array.from(data).every((x) => x === 0))).toBe(true);
  });

  test("refuses what is no count, and deviations below 0", () => {
    const error = (message: string): unknown => expect.objectContaining({ name: "ConfigError", message });
    expect(() => mlp({ inputs: 3, outputs: 1, hidden: 0 })).toThrow(
      error("mlp: expected hidden to be a whole number of at least 1, received 0. Give hidden as a count?"),
    );
    expect(() => mlp({ inputs: 3, outputs: 1, deviations: { w1: -1 } })).toThrow(
      error("mlp: expected deviations.w1 from 0, received -1. Leave it out for the default?"),
    );
  });
});
