import { memoryAtRest } from "@ganglion/testing";
import { afterAll, expect, test } from "vitest";
import { threads } from "../src/index.ts";
import { instantiate } from "../src/automaton/memory.ts";
import { SimdProgram } from "../src/automaton/simd-program.ts";
import { runOf, shapeOf, weightsOf } from "./support/automata.ts";

afterAll(() => void threads(1));

test.each([
  { batch: 3, count: 1, updates: 20_000 },
  { batch: 260, count: 2, updates: 1000 },
])("$updates roll-outs of $batch strips, forward and back, on $count threads leave memory as it is", async (config) => {
  expect(threads(config.count)).toBe(config.count);
  const shape = shapeOf({ cells: 8, channels: 8, hidden: 16, experts: 3, topK: 2, lattice: "strip", seed: 3 });
  const kernels = instantiate()!;
  const program = new SimdProgram(shape, kernels);
  const weights = weightsOf(shape, 1);
  const runs = [0.2, 0.9, 0.5].map((rate) => runOf(shape, { batch: config.batch, steps: 4, rate, seed: 5 }));
  const train = (from: number, to: number): void => {
    for (let update = from; update < to; update++) {
      program.load(weights);
      const { states, balance, z } = program.run(runs[update % 3]!);
      program.backward({ states, balance, z });
    }
  };
  const measure = async () => ({ ...(await memoryAtRest()), pages: kernels.memory.buffer.byteLength });
  train(0, config.updates / 10);
  const before = await measure();
  train(config.updates / 10, config.updates);
  const after = await measure();
  expect(after.pages).toBe(before.pages);
  expect(after.heap - before.heap).toBeLessThan(500_000);
  expect(after.buffers - before.buffers).toBeLessThan(100_000);
});
