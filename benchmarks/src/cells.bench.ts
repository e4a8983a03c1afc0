// What does one cell cost per step, from 64 cells to 1,048,576 (rings and graphs, half of the cells or all fire, 36 -> 48 -> 12)?
import { moe } from "@ganglion/moe";
import { bernoulli, graph, mlp, nca, residual, ring } from "@ganglion/nca";
import type { Nca } from "@ganglion/nca";
import { add, compile, concat, fromData, key, matmul, relu, slice, tanh, where } from "@ganglion/tensor";
import type { Tensor, Tree } from "@ganglion/tensor";
import { loadPeers } from "./contenders/peers.ts";
import { contender, race } from "./measure/race.ts";
import type { Contender } from "./measure/race.ts";
import { answer, rowsOf } from "./measure/report.ts";
import type { Row } from "./measure/report.ts";
import { settings } from "./measure/settings.ts";
import { CELLS, cellsData, cellsFile, circle, meanSize } from "./work/cells.ts";

const QUESTION =
  "What does one cell cost per step, from 64 cells to 1,048,576 (rings and graphs, half of the cells or all fire, 36 -> 48 -> 12)?";
const { channels, hidden, steps, scale } = CELLS;
const sizes = settings.short ? [64, 4096] : [64, 1024, 16_384, 131_072, 1_048_576];
/** Milliseconds of processor time: a peer whose step would take longer, by what it cost per cell at the size before, sits out. */
const LONGEST = 1000;

const peers = await loadPeers();
const rows: Row[] = [];
/** Nanoseconds of the first graph from which cost should be flat. */
let level = Number.NaN;
/** What a cell took of everybody at each work, in milliseconds, at the size before. */
const costs = new Map<string, number>();
for (const cells of sizes) {
  for (const kind of ["mesh", "ring"] as const) {
    for (const share of kind === "mesh" ? [0.5, 1] : [0.5]) {
      const fire = share === 1 ? "all fire" : "half fire";
      const lattice = kind === "mesh" ? "graph" : "ring";
      const work = `${lattice}, ${fire}`;
      const name = `${lattice}, ${cells.toLocaleString("en")} cells, ${fire}`;
      const ours =
        kind === "mesh"
          ? [onGraph(cells, share)]
          : [onRing(cells, share), asMixture(cells, share), withTensors(cells, share)];
      const file = cellsFile(kind, cells, share);
      const timings = await race([...ours, ...(await theirs(kind, file, work, cells))]);
      for (const timing of timings) costs.set(`${timing.name}, ${work}`, timing.median / cells);
      const target = ({ median }: { median: number }) => goal((median * 1e6) / cells, cells, share);
      rows.push(
        ...rowsOf(name, timings, {
          unit: { name: "ns/cell", perMillisecond: 1e6 / cells },
          ...(kind === "mesh" && share < 1 && { target }),
        }),
      );
    }
  }
}
for (const peer of peers) peer.close?.();
answer(QUESTION, rows);

/** Peers that can do the work in bearable time. */
async function theirs(kind: "mesh" | "ring", file: string, work: string, cells: number): Promise<Contender[]> {
  const able: Contender[] = [];
  for (const peer of peers) {
    const one = await (kind === "mesh" ? peer.mesh?.(file) : peer.ring?.(file));
    if (one === undefined) continue;
    const expected = cells * (costs.get(`${one.name}, ${work}`) ?? 0);
    if (expected <= LONGEST) able.push(one);
    else
      console.error(
        `${one.name} sits out of ${work}, ${cells.toLocaleString("en")} cells: about ${expected.toFixed(0)} ms`,
      );
  }
  return able;
}

/** What was set out to be reached: nanoseconds, and a cost that does not depend on the size. */
function goal(cost: number, cells: number, share: number): { text: string; met: boolean } {
  if (cells === 1024 && share < 1) level = cost;
  const text = "<= 60 ns/cell, <= 1.3 x that of 1,024 cells";
  return { text, met: cost <= 60 && !(cells > 1024 && cost > 1.3 * level) };
}

/** Cells around a circle that see themselves and the sums of their neighbours, weighted by their directions. */
function onGraph(cells: number, share: number): Contender {
  const { near, toward } = circle(cells);
  const edges = Int32Array.from({ length: 4 * cells }, (_, i) => (i % 2 === 0 ? i >> 2 : near[i >> 1]!));
  const lattice = graph({ cells, edges, weights: toward });
  const rule = mlp({ inputs: 3 * channels, outputs: channels, hidden });
  const model = nca({ lattice, channels, rule, update: residual({ scale }), fireRate: share });
  return rollouts("ganglion, graph", model, weights(cells));
}

/** Cells that see left, themselves and right. */
function onRing(cells: number, share: number): Contender {
  const rule = mlp({ inputs: 3 * channels, outputs: channels, hidden });
  return rollouts("ganglion, ring", nca({ lattice: ring(cells), channels, rule, fireRate: share }), weights(cells));
}

/** The same perceptron as the only expert of a mixture. */
function asMixture(cells: number, share: number): Contender {
  const rule = moe({ inputs: 3 * channels, outputs: channels, experts: 1, topK: 1, hidden });
  const model = nca({ lattice: ring(cells), channels, rule, fireRate: share });
  const { w1, b1, w2, b2 } = cellsData(cells);
  const experts = {
    w1: fromData(w1, [1, 3 * channels, hidden]),
    b1: fromData(b1, [1, hidden]),
    w2: fromData(w2, [1, hidden, channels]),
    b2: fromData(b2, [1, channels]),
  };
  return rollouts("ganglion, ring of mixtures", model, { ...model.init(key(0)), experts });
}

/**
 * Roll-outs of so many steps as a forward pass has, whose masks are drawn on the way; what all must agree on is the state
 * after the first.
 */
function rollouts<P extends Tree>(name: string, model: Nca<P>, params: P): Contender {
  const { cells } = model.lattice;
  const state = fromData(cellsData(cells).state, [1, cells, channels]);
  const first = meanSize(model.rollout(params, state, { steps: 1, key: key(1) }).state.data);
  const timed = contender(name, () => model.rollout(params, state, { steps, key: key(1) }).fired, steps);
  return { name, sample: async (milliseconds) => ({ ...(await timed.sample(milliseconds)), value: first }) };
}

/** The same step with plain tensors, compiled: every cell is computed, and those that do not fire stay as they were. */
function withTensors(cells: number, share: number): Contender {
  const params = weights(cells);
  const state = fromData(cellsData(cells).state, [cells, channels]);
  const step = compile((p: typeof params, x: Tensor, fired: Tensor) => {
    const left = concat([slice(x, [[cells - 1, cells]]), slice(x, [[0, cells - 1]])]);
    const right = concat([slice(x, [[1, cells]]), slice(x, [[0, 1]])]);
    const near = concat([left, x, right], 1);
    const next = tanh(add(matmul(relu(add(matmul(near, p.w1), p.b1)), p.w2), p.b2));
    return share === 1 ? next : where(fired, next, x);
  });
  const moment = { batch: 1, cells, key: key(1) };
  let turn = 0;
  return contender("ganglion, compiled tensors", () => {
    const mask = bernoulli(share).fired({ ...moment, step: turn++ });
    return meanSize(step(params, state, fromData(new Float32Array(mask), [cells, 1])).data);
  });
}

function weights(cells: number) {
  const { w1, b1, w2, b2 } = cellsData(cells);
  return {
    w1: fromData(w1, [3 * channels, hidden]),
    b1: fromData(b1, [hidden]),
    w2: fromData(w2, [hidden, channels]),
    b2: fromData(b2, [channels]),
  };
}
