import { automatonProgram, threads } from "../../src/index.ts";
import type { AutomatonProgram, MixtureWeights } from "../../src/index.ts";
import { teamFor } from "../../src/threads/threads.ts";
import { runOf, shapeOf, weightsOf } from "./automata.ts";
import { bits, fingerprint } from "./samples.ts";

const NAMES = ["routerWeight", "routerBias", "w1", "b1", "w2", "b2"] as const;

/** Hashes of automata that are run and trained on so many threads, and how many threads that were. */
export async function automatonFingerprints(count: number): Promise<{ used: number; hashes: Record<string, string> }> {
  const used = threads(count);
  const team = teamFor(Infinity);
  for (let tries = 0; team?.ready(0) === false && tries < 1000; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const shape = shapeOf({ cells: 8, channels: 16, hidden: 16, experts: 6, topK: 2, lattice: "strip", seed: 3 });
  const program = automatonProgram(shape);
  const weights = weightsOf(shape, 1);
  program.load(weights);
  const { batch, state, inputs, masks } = runOf(shape, { batch: 1100, steps: 12, rate: 0.5, seed: 2 });
  const inference = fingerprint(bits(program.run({ batch, state, inputs, masks }).states[0]!));
  const training = Array.from({ length: 3 }, (_, update) => trained(program, weights, update));
  return { used, hashes: { inference, training: training.join(" ") } };

  /** One step down the gradient of the squared states and of the losses. */
  function trained(program: AutomatonProgram, weights: MixtureWeights, update: number): string {
    const run = runOf(shape, { batch: 333, steps: 5, rate: 0.6, seed: 10 + update });
    const { states, balance, z } = program.run(run);
    const gradients = program.backward({ states, balance: balance.map(() => 1), z });
    for (const name of NAMES) {
      const gradient = gradients[name];
      for (let i = 0; i < gradient.length; i++) weights[name][i]! -= 1e-4 * gradient[i]!;
    }
    program.load(weights);
    return fingerprint(Uint32Array.from(NAMES.flatMap((name) => [...bits(weights[name])])));
  }
}

/** Measured in Node 26 on x86-64 with one thread. */
export const expectedAutomaton: Readonly<Record<string, string>> = {
  inference: "9ae048ea",
  training: "e4b19c5c 94623e28 51745ccf",
};
