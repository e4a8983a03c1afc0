import { meshProgram, threads } from "../../src/index.ts";
import { teamFor } from "../../src/threads/threads.ts";
import { meshOf, meshRunOf, meshWeightsOf } from "./meshes.ts";
import { bits, fingerprint } from "./samples.ts";
import { sparseFingerprints } from "./sparse.ts";

/** What work on a memory that all threads share gives. */
export interface SharedFindings {
  readonly used: number;
  /** Whether the mesh stood in the common memory of several threads. */
  readonly together: boolean;
  readonly hashes: Readonly<Record<string, string>>;
}

/** Hashes of a mesh that is run and gone back through, of a spread and of pairs learned, all large enough for threads. */
export function sharedFingerprints(count: number): SharedFindings {
  const used = threads(count);
  const shape = meshOf({
    cells: 9000,
    channels: 12,
    hidden: 48,
    lattice: "graph",
    activation: "relu",
    update: { scale: 0.5 },
    seed: 3,
  });
  const run = meshRunOf(shape, { batch: 1, steps: 3, rate: 0.6, seed: 4, inputs: true, keep: true });
  const program = meshProgram(shape);
  program.load(meshWeightsOf(shape, 1));
  const states = program.run(run);
  const gradients = Object.values(program.backward(states)) as Float32Array[];
  const together = (teamFor(Infinity)?.home.program ?? 0) > 0;
  const hash = (all: readonly Float32Array[]): string =>
    all.map((values) => fingerprint(bits(values.map((x) => x + 0)))).join(" ");
  return { used, together, hashes: { mesh: hash([states.at(-1)!, ...gradients]), ...sparseFingerprints() } };
}

/** Measured in Node 26 on x86-64 with one thread: a mesh's last state, the gradients of its state, inputs and weights. */
export const expectedShared: Readonly<Record<string, string>> = {
  mesh: "c9454d46 4868e26c 444fa1f6 56ad29bb 140549da b0117a92 1e5eba6a",
  spread: "1c8e1192",
  learnPairs: "772c4633",
};
