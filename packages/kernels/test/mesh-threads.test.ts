import { afterEach, describe, expect, test, vi } from "vitest";
import { meshProgram, threads } from "../src/index.ts";
import type { MeshGradients } from "../src/index.ts";
import { teamFor } from "../src/threads/threads.ts";
import { meshOf, meshRunOf, meshWeightsOf } from "./support/meshes.ts";
import { bits } from "./support/samples.ts";

const sizes = { cells: 9000, channels: 12, hidden: 48, activation: "relu", update: { scale: 0.5 }, seed: 3 } as const;
const shape = meshOf({ ...sizes, lattice: "graph" });
const run = meshRunOf(shape, { batch: 1, steps: 3, rate: 0.6, seed: 4, inputs: true, keep: true });

afterEach(() => {
  threads(1);
  vi.restoreAllMocks();
});

/** States and gradients, where something happens between the roll-out and the way back. */
function trained(between: () => void = () => {}): { states: readonly Float32Array[]; gradients: MeshGradients } {
  const program = meshProgram(shape);
  program.load(meshWeightsOf(shape, 1));
  const states = program.run(run);
  between();
  return { states, gradients: program.backward(states) };
}

describe("threads", () => {
  test("change no bit of a roll-out in one large lattice, and of the way back", () => {
    const alone = trained();
    const bitsOf = ({ states, gradients }: typeof alone): Uint32Array[] =>
      [...states, ...Object.values(gradients)].map((values: Float32Array) => bits(values));
    for (const count of [2, 4, 8]) {
      threads(count);
      expect(teamFor(Infinity)!.ready(20_000)).toBe(true);
      const perform = vi.spyOn(teamFor(Infinity)!, "perform");
      for (let turn = 0; turn < 3; turn++) expect(bitsOf(trained())).toEqual(bitsOf(alone));
      // three steps, with one more look at the inputs, and two jobs for each on the way back
      expect(perform).toHaveBeenCalledTimes(3 * (1 + 3 + 6));
    }
  }, 60_000);

  test("take parts of a large lattice", () => {
    threads(2);
    const team = teamFor(Infinity)!;
    expect(team.ready(20_000)).toBe(true);
    const perform = vi.spyOn(team, "perform");
    for (let turn = 0; turn < 100; turn++) {
      trained();
      const owners = perform.mock.results.flatMap(({ value }) => value as readonly number[]);
      if (owners.includes(1)) return;
    }
    expect.fail("no worker took a part in 100 roll-outs");
  }, 60_000);

  test("go back through a tape that another program has overwritten, and on fewer threads", () => {
    const { gradients } = trained();
    threads(2);
    expect(trained(() => void trained()).gradients).toEqual(gradients);
    expect(trained(() => threads(4)).gradients).toEqual(gradients);
    expect(trained(() => threads(1)).gradients).toEqual(gradients);
  }, 60_000);

  test("leave small lattices to one thread", () => {
    threads(2);
    const perform = vi.spyOn(teamFor(Infinity)!, "perform");
    const small = meshOf({ ...sizes, cells: 1000, lattice: "ring" });
    const program = meshProgram(small);
    program.load(meshWeightsOf(small, 1));
    program.run(meshRunOf(small, { batch: 1, steps: 2, rate: 1, seed: 1, inputs: false, keep: false }));
    expect(perform).not.toHaveBeenCalled();
  });
});
