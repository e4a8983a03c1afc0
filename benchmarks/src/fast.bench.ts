// How much faster are roll-outs and training in float32 with relaxed SIMD?
import { fast } from "@ganglion/kernels/fast";
import { gary } from "@ganglion/models";
import { masksOf, rollOut, trainingStep } from "@ganglion/models/bench";
import { graph, mlp, nca, residual } from "@ganglion/nca";
import { fromData, key, mean, square, valueAndGrad } from "@ganglion/tensor";
import { contender, race } from "./measure/race.ts";
import type { Contender } from "./measure/race.ts";
import { answer, rowsOf } from "./measure/report.ts";
import { AUTOMATON, sums, trained } from "./work/automaton.ts";
import { CELLS, cellsData, circle } from "./work/cells.ts";

const { cells, steps, batch, unroll } = AUTOMATON;
const model = { adder: gary, params: trained, arithmetic: "float32" } as const;
const many = sums(1000);
const half = masksOf(1000 * cells, steps, 0.5);
const few = sums(batch);
const masks = masksOf(batch * cells, unroll, 0.5);
const works: readonly [string, (name: string) => Contender][] = [
  [`1,000 sums, ${steps} steps of half the cells`, (name) => rollOut(name, model, many, { masks: half })],
  [`training, ${batch} sums x ${unroll} steps`, (name) => trainingStep(name, model, few, masks)],
  ["a graph of 16,384 cells, 24 steps, half fire", (name) => mesh(name, false)],
  ["the same, 8 steps, forward and backward", (name) => mesh(name, true)],
];
const rows = [];
for (const [work, start] of works) {
  const [strict, relaxed] = [under(false, start("strict")), under(true, start("after fast(true)"))];
  const timings = await race([strict, relaxed]);
  const [slow, quick] = timings.map(({ turns }) => Math.min(...turns)) as [number, number];
  const note = `${(quick / slow).toFixed(2)} of the strict time, each in its fastest turn`;
  rows.push(...rowsOf(work, timings).map((row, place) => (place === 0 ? row : { ...row, note })));
}
fast(false);
answer("How much faster are roll-outs and training in float32 with relaxed SIMD?", rows);

/** A contender that works with or without it. */
function under(on: boolean, one: Contender): Contender {
  return {
    name: one.name,
    sample: (milliseconds) => {
      fast(on);
      return one.sample(milliseconds);
    },
  };
}

function mesh(name: string, back: boolean): Contender {
  const { channels, hidden, scale } = CELLS;
  const size = 16_384;
  const { near, toward } = circle(size);
  const edges = Int32Array.from({ length: 4 * size }, (_, i) => (i % 2 === 0 ? i >> 2 : near[i >> 1]!));
  const rule = mlp({ inputs: 3 * channels, outputs: channels, hidden });
  const lattice = graph({ cells: size, edges, weights: toward });
  const automaton = nca({ lattice, channels, rule, update: residual({ scale }), fireRate: 0.5 });
  const params = automaton.init(key(0));
  const state = fromData(cellsData(size).state, [1, size, channels]);
  const options = { steps: back ? 8 : 24, key: key(1) };
  const loss = (given: typeof params) => mean(square(automaton.rollout(given, state, options).state));
  return contender(name, () => (back ? valueAndGrad(loss)(params).value : loss(params)).item());
}
