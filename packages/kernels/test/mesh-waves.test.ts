import { fc, test } from "@fast-check/vitest";
import { afterEach, describe, expect } from "vitest";
import { meshProgram, meshReference, threads } from "../src/index.ts";
import type { MeshRun, MeshShape } from "../src/index.ts";
import { reachOf, wavesOf } from "../src/mesh/waves.ts";
import type { Phase } from "../src/mesh/waves.ts";
import { teamFor } from "../src/threads/threads.ts";
import { meshOf, meshRunOf, meshWeightsOf } from "./support/meshes.ts";
import { sequence } from "./support/samples.ts";
import { trials } from "./support/trials.ts";

const lattices = fc.record({
  rows: fc.oneof(fc.integer({ min: 1, max: 30_000 }), fc.integer({ min: 30_000, max: 140_000 })),
  reach: fc.oneof(fc.integer({ min: 0, max: 700 }), fc.constant(undefined)),
  bytes: fc.integer({ min: 1, max: 300 }),
  steps: fc.integer({ min: 1, max: 9 }),
});

describe("wavesOf", () => {
  test.prop([lattices, fc.nat({ max: 1e6 })], trials(60))(
    "shows every cell the states that it needs, in two buffers, however lists are interleaved",
    (lattice, seed) => {
      const { rows } = lattice;
      const reach = Math.min(lattice.reach ?? rows, Math.floor(rows / 2));
      const { steps, phases } = wavesOf(lattice);
      expect(steps).toBeLessThanOrEqual(lattice.steps);
      // after how many steps the states are that stand in each buffer
      const buffers = [new Int32Array(rows), new Int32Array(rows).fill(-1)] as const;
      for (const { step, first, last } of phases.flatMap((phase) => [...interleaved(phase, seed)])) {
        const [from, to] = [buffers[step % 2]!, buffers[(step + 1) % 2]!];
        const seen = Math.min(rows, last - first + 2 * reach);
        let stale = 0;
        for (let i = 0; i < seen; i++) if (from[(first - reach + i + rows) % rows] !== step) stale++;
        expect(stale, `step ${step} of cells ${first} to ${last}`).toBe(0);
        to.fill(step + 1, first, last);
      }
      expect(buffers[steps % 2]!.every((after) => after === steps)).toBe(true);
    },
  );

  test("takes steps together in a large lattice with short edges, and only there", () => {
    const large = { rows: 131_072, reach: 1, bytes: 128, steps: 24 };
    expect(wavesOf(large).steps).toBe(8);
    expect(wavesOf({ ...large, steps: 3 }).steps).toBe(3);
    expect(wavesOf({ ...large, rows: 1024 }).steps).toBe(1);
    expect(wavesOf({ ...large, reach: 65_536 }).steps).toBe(1);
    expect(wavesOf({ ...large, reach: undefined }).steps).toBe(1);
  });
});

test("reachOf measures around the lattice, over cells and edges", () => {
  const shape = { ...meshOf({ ...sizes, cells: 100, lattice: "ring" }) };
  expect(reachOf(shape)).toBe(1);
  const edges = {
    sums: 1,
    offsets: new Int32Array(101).fill(2, 4),
    sources: Int32Array.of(98, 9),
    weights: new Float32Array(2),
  };
  expect(reachOf({ ...shape, edges })).toBe(6);
  expect(reachOf(meshOf({ ...sizes, cells: 100, lattice: "strip" }))).toBe(1);
});

describe("meshProgram on a large lattice", () => {
  afterEach(() => void threads(1));

  test.each([
    ["no inputs", {}],
    ["inputs", { inputs: true }],
    ["all states and a tape", { keep: true, tape: true }],
    ["all states without a tape", { keep: true, inputs: true }],
  ])(
    "equals the reference on one thread and on several: %s",
    (_, { inputs = false, keep = false, tape = false }: Flags) => {
      const shape = near(40_000);
      const run: MeshRun = { ...meshRunOf(shape, { batch: 1, steps: 5, rate: 0.5, seed: 5, inputs, keep }), tape };
      const programs = [meshReference(shape), meshProgram(shape)] as const;
      const [expected, states] = programs.map((program) => {
        program.load(meshWeightsOf(shape, 6));
        return program.run(run);
      });
      expect(same(states!, expected!)).toBe(true);
      for (const count of [2, 4]) {
        threads(count);
        expect(teamFor(Infinity)!.ready(20_000)).toBe(true);
        expect(same(programs[1].run(run), expected!)).toBe(true);
      }
    },
    60_000,
  );

  test("gives the way back the tape that it needs", () => {
    const shape = near(36_000);
    const run = meshRunOf(shape, { batch: 1, steps: 3, rate: 0.5, seed: 5, inputs: true, keep: true });
    const [expected, gradients] = [meshReference(shape), meshProgram(shape)].map((program) => {
      program.load(meshWeightsOf(shape, 6));
      return Object.values(program.backward(program.run(run))) as Float32Array[];
    });
    expect(same(gradients!, expected!)).toBe(true);
  }, 60_000);
});

interface Flags {
  readonly inputs?: boolean;
  readonly keep?: boolean;
  readonly tape?: boolean;
}

const sizes = { channels: 4, hidden: 5, activation: "relu", update: { scale: 0.5 }, seed: 3 } as const;

/** Cells that see themselves and two sums over cells up to 530 away, around the lattice. */
function near(cells: number): MeshShape {
  const shape = meshOf({ ...sizes, cells, lattice: "graph" });
  const next = sequence(9);
  const sources = Int32Array.from({ length: 2 * cells }, (_, edge) => {
    const away = Math.round(next() * 530);
    return ((edge >> 1) + away + cells) % cells;
  });
  const offsets = Int32Array.from({ length: cells + 1 }, (_, cell) => 2 * cell);
  return { ...shape, edges: { sums: 2, offsets, sources, weights: new Float32Array(4 * cells).map(next) } };
}

/** Whether all numbers are the same; zeros may have another sign. */
function same(results: readonly Float32Array[], expected: readonly Float32Array[]): boolean {
  return (
    results.length === expected.length &&
    results.every((values, i) => values.length === expected[i]!.length && values.every((x, j) => x === expected[i]![j]))
  );
}

/** The tasks of a phase, as threads could happen to do them. */
function* interleaved(phase: Phase, seed: number): Generator<Phase[number][number]> {
  const next = sequence(seed);
  const lists = phase.map((tasks) => tasks.toReversed());
  while (lists.length > 0) {
    const index = Math.floor(((next() + 1) / 2) * lists.length) % lists.length;
    const task = lists[index]!.pop();
    if (task === undefined) lists.splice(index, 1);
    else yield task;
  }
}
