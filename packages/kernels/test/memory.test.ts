import { afterEach, describe, expect, test, vi } from "vitest";
import { MemoryError, automatonProgram, meshProgram } from "../src/index.ts";
import { Arena, FREE_FROM } from "../src/automaton/memory.ts";
import { runOf, shapeOf, weightsOf } from "./support/automata.ts";
import { meshOf, meshRunOf, meshWeightsOf } from "./support/meshes.ts";

const PAGE = 65536;
const grow = Object.getOwnPropertyDescriptor(WebAssembly.Memory.prototype, "grow")!.value as (
  this: WebAssembly.Memory,
  pages: number,
) => number;

afterEach(() => void vi.restoreAllMocks());

/** An engine whose memories end early. */
function endAt(pages: number): void {
  vi.spyOn(WebAssembly.Memory.prototype, "grow").mockImplementation(function (this: WebAssembly.Memory, more) {
    if (this.buffer.byteLength / PAGE + more > pages) throw new RangeError("Maximum memory size exceeded");
    return grow.call(this, more);
  });
}

describe("a roll-out that needs more memory than there is", () => {
  const message = (error: MemoryError): string =>
    `roll-out: expected memory for at least ${error.needed} bytes, received ${error.available} of at most 4294967296. Take a smaller batch or fewer steps at once?`;

  test("of a mixture says so, and a smaller one runs as before", () => {
    const shape = shapeOf({ cells: 8, channels: 16, hidden: 16, experts: 3, topK: 2, lattice: "strip", seed: 3 });
    const program = automatonProgram(shape);
    program.load(weightsOf(shape, 1));
    const small = runOf(shape, { batch: 3, steps: 2, rate: 0.5, seed: 5 });
    const { states } = program.run(small);
    endAt(100);
    const error = thrownBy(() => program.run(runOf(shape, { batch: 2000, steps: 40, rate: 0.5, seed: 5 })));
    expect(error.message).toBe(message(error));
    expect(error.needed).toBeGreaterThan(error.available);
    expect(error.available).toBeLessThanOrEqual(100 * PAGE);
    expect(program.run(small).states).toEqual(states);
  });

  test("of a mesh says so, and a smaller one runs as before", () => {
    const sizes = { channels: 12, hidden: 48, lattice: "graph", activation: "relu", update: "tanh", seed: 3 } as const;
    const shape = meshOf({ ...sizes, cells: 1000 });
    const program = meshProgram(shape);
    program.load(meshWeightsOf(shape, 1));
    const run = { batch: 1, rate: 0.5, seed: 4, inputs: true, keep: false } as const;
    const small = meshRunOf(shape, { ...run, steps: 2 });
    const states = program.run(small);
    endAt(100);
    const error = thrownBy(() => void program.run(meshRunOf(shape, { ...run, steps: 200 })));
    expect(error.message).toBe(message(error));
    expect(program.run(small)).toEqual(states);
  });
});

describe("an arena", () => {
  test("takes all that there is before it gives up, and stays as it is then", () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 4 });
    const arena = new Arena(memory);
    expect(arena.take(4 * PAGE - FREE_FROM)).toBe(FREE_FROM);
    const mark = arena.mark();
    expect(thrownBy(() => void arena.take(1))).toMatchObject({ needed: 4 * PAGE + 64, available: 4 * PAGE });
    expect(arena.mark()).toBe(mark);
  });
});

function thrownBy(run: () => void): MemoryError {
  try {
    run();
  } catch (error) {
    if (error instanceof MemoryError) return error;
    throw error;
  }
  return expect.fail("expected a MemoryError");
}
