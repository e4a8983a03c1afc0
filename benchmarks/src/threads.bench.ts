// How much faster are roll-outs of automata on several threads, and from which size on? Arguments: threads.
// One thread and several take turns, five roll-outs at a time. Milliseconds of the best turn, which a busy machine disturbs least.
import { loadavg } from "node:os";
import { automatonProgram, cellMask, meshProgram, threads } from "@ganglion/kernels";
import type { AutomatonRun, AutomatonShape } from "@ganglion/kernels";
import { fromData, key, normal, uniform } from "@ganglion/tensor";

const many = process.argv[2] === undefined ? threads("auto") : Number(process.argv[2]);
const neighbours = Int32Array.from({ length: 24 }, (_, i) => {
  const cell = Math.floor(i / 3) + (i % 3) - 1;
  return cell < 8 ? cell : -1;
});
const shape: AutomatonShape = {
  cells: 8,
  neighbourhood: 3,
  neighbours,
  channels: 32,
  hidden: 32,
  experts: 6,
  topK: 2,
};
const draw = (length: number, seed: number): Float32Array =>
  normal(key(seed), [length], { deviation: 0.2 }).data as Float32Array;
const program = automatonProgram(shape);
const weights = {
  routerWeight: draw(96 * 6, 1),
  routerBias: draw(6, 2),
  w1: draw(6 * 96 * 32, 3),
  b1: draw(6 * 32, 4),
  w2: draw(6 * 32 * 32, 5),
  b2: draw(6 * 32, 6),
};
program.load(weights);

const warm = runOf(1000, 1, false);
console.log(
  `| problems x steps, or cells of one mesh x steps | one thread, ms | ${many} threads, ms | ratio |\n| --- | --- | --- | --- |`,
);
for (const [batch, steps, training] of [
  [128, 1, false],
  [128, 4, false],
  [1000, 1, false],
  [1000, 24, false],
  [128, 5, true],
  [256, 20, true],
] as const) {
  const run = runOf(batch, steps, training);
  compare(`${batch} x ${steps}${training ? ", forward and back" : ""}`, () => go(run));
}
for (const [cells, steps, training] of [
  [4096, 24, false],
  [16_384, 24, false],
  [131_072, 8, false],
  [1_048_576, 4, false],
  [16_384, 8, true],
] as const) {
  const roll = mesh(cells, steps, training);
  compare(`mesh of ${cells.toLocaleString("en")} x ${steps}${training ? ", forward and back" : ""}`, roll);
}
for (const added of [false, true]) {
  compare(`mixtures on one ring of 16,384 x 4${added ? ", with inputs" : ""}`, largeRing(16_384, 4, added));
}
console.log(
  `\nload averages: ${loadavg()
    .map((load) => load.toFixed(1))
    .join(", ")}`,
);

/** Prints the best times of one thread and of several. */
function compare(name: string, work: () => void): void {
  const best = [Infinity, Infinity];
  for (const [index, count] of [1, many, 1, many].entries()) {
    threads(count);
    // workers are up before the clock starts
    for (const start = performance.now(); performance.now() - start < (count === 1 ? 10 : 150);) go(warm);
    for (let turn = 0; turn < 5; turn++) {
      const start = performance.now();
      work();
      best[index % 2] = Math.min(best[index % 2]!, performance.now() - start);
    }
  }
  const [one, several] = best as [number, number];
  console.log(`| ${name} | ${one.toFixed(2)} | ${several.toFixed(2)} | ${(one / several).toFixed(2)} |`);
}

/** A roll-out on a ring of so many cells as a graph with two sums, 36 -> 48 -> 12, half of which fire. */
function mesh(cells: number, steps: number, training: boolean): () => void {
  const mesh = meshProgram({
    cells,
    channels: 12,
    hidden: 48,
    neighbours: Int32Array.from({ length: cells }, (_, cell) => cell),
    copies: 1,
    edges: {
      sums: 2,
      offsets: Int32Array.from({ length: cells + 1 }, (_, cell) => 2 * cell),
      sources: Int32Array.from({ length: 2 * cells }, (_, edge) => ((edge >> 1) + (edge % 2) * 2 - 1 + cells) % cells),
      weights: draw(4 * cells, 8),
    },
    activation: "relu",
    update: { scale: 0.1 },
  });
  mesh.load({ w1: draw(36 * 48, 9), b1: draw(48, 10), w2: draw(48 * 12, 11), b2: draw(12, 12) });
  const masks = Array.from({ length: steps }, (_, step) => {
    const mask = new Uint8Array(cells);
    cellMask(step, 0, 0.5, mask);
    return mask;
  });
  const run = { batch: 1, state: draw(12 * cells, 13), masks, tape: training };
  return () => {
    const states = mesh.run(run);
    if (training) mesh.backward(states);
  };
}

/** A roll-out on one large ring, whose cells ask two of six experts, 96 -> 32 -> 32; half of them fire. */
function largeRing(cells: number, steps: number, added: boolean): () => void {
  const neighbours = Int32Array.from(
    { length: 3 * cells },
    (_, i) => (Math.floor(i / 3) + (i % 3) - 1 + cells) % cells,
  );
  const large = automatonProgram({ ...shape, cells, neighbours });
  large.load(weights);
  const masks = Array.from({ length: steps }, (_, step) => {
    const mask = new Uint8Array(cells);
    cellMask(step, 0, 0.5, mask);
    return mask;
  });
  const run = { batch: 1, state: draw(32 * cells, 14), masks, ...(added && { inputs: draw(32 * cells, 15) }) };
  return () => void large.run(run);
}

function go(run: AutomatonRun): void {
  const { states } = program.run(run);
  if (run.tape === true) program.backward({ states });
}

function runOf(batch: number, steps: number, training: boolean): AutomatonRun {
  const drawn = uniform(key(batch), [steps, batch * 8]).data;
  const masks = Array.from({ length: steps }, (_, step) =>
    Uint8Array.from({ length: batch * 8 }, (_unused, i) => (drawn[step * batch * 8 + i]! < 0.5 ? 1 : 0)),
  );
  const state = fromData(draw(batch * 256, 7), [batch * 256]).data as Float32Array;
  return { batch, state, masks, keep: training, tape: training };
}
