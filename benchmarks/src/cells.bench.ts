// What does one cell cost per step, from 64 cells to 1,048,576 (rings and graphs, half of the cells or all fire, 36 -> 48 -> 12)?
import { moe } from "@ganglion/moe";
import { directions, graph, mlp, nca, residual, ring } from "@ganglion/nca";
import type { Nca } from "@ganglion/nca";
import {
  add,
  bernoulli,
  compile,
  concat,
  foldIn,
  fromData,
  key,
  matmul,
  relu,
  slice,
  tanh,
  where,
} from "@ganglion/tensor";
import type { Key, Tensor, Tree } from "@ganglion/tensor";
import { loadPeers } from "./contenders/peers.ts";
import { contender, race } from "./measure/race.ts";
import type { Contender } from "./measure/race.ts";
import { answer, rowsOf } from "./measure/report.ts";
import type { Row } from "./measure/report.ts";
import { settings } from "./measure/settings.ts";
import { numbers } from "./work/numbers.ts";

const QUESTION =
  "What does one cell cost per step, from 64 cells to 1,048,576 (rings and graphs, half of the cells or all fire, 36 -> 48 -> 12)?";
const [CHANNELS, HIDDEN, STEPS] = [12, 48, 24];
const sizes = settings.short ? [64, 4096] : [64, 1024, 16_384, 131_072, 1_048_576];

const peers = await loadPeers();
const rows: Row[] = [];
/** Nanoseconds of the first graph from which cost should be flat. */
let level = Number.NaN;
for (const cells of sizes) {
  for (const share of [0.5, 1]) {
    const graphs = [onGraph(cells, share), ...peers.flatMap((peer) => peer.mesh?.(cells, share) ?? [])];
    const unit = { name: "ns/cell", perMillisecond: 1e6 / cells };
    const name = `${cells.toLocaleString("en")} cells, ${share === 1 ? "all" : "half"} fire`;
    const target = ({ median }: { median: number }) => goal((median * 1e6) / cells, cells, share);
    rows.push(
      ...rowsOf(`graph, ${name}`, await race(graphs, { agree: false }), { unit, ...(share < 1 && { target }) }),
    );
    if (share === 1) continue;
    const rings = [
      onRing(cells),
      asMixture(cells),
      withTensors(cells),
      ...peers.flatMap((peer) => peer.ring?.(cells) ?? []),
    ];
    rows.push(...rowsOf(`ring, ${name}`, await race(rings, { agree: false }), { unit }));
  }
}
for (const peer of peers) peer.close?.();
answer(QUESTION, rows);

/** What was set out to be reached: nanoseconds, and a cost that does not depend on the size. */
function goal(cost: number, cells: number, share: number): { text: string; met: boolean } {
  if (cells === 1024 && share < 1) level = cost;
  const text = "<= 60 ns/cell, <= 1.3 x that of 1,024 cells";
  return { text, met: cost <= 60 && !(cells > 1024 && cost > 1.3 * level) };
}

/** Cells around a circle that see themselves and the sums of their neighbours, weighted by their directions. */
function onGraph(cells: number, share: number): Contender {
  const edges = Int32Array.from({ length: 4 * cells }, (_, i) => ((i >> 2) + [0, -1, 0, 1][i % 4]! + cells) % cells);
  const circle = Float32Array.from({ length: 2 * cells }, (_, i) => {
    const angle = ((i >> 1) / cells) * 2 * Math.PI;
    // so far apart that neighbours do not fall into one place of float32
    return cells * (i % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
  });
  const lattice = graph({ cells, edges, weights: directions(circle, 2, edges) });
  const rule = mlp({ inputs: 3 * CHANNELS, outputs: CHANNELS, hidden: HIDDEN });
  return rollouts(
    "ganglion, graph",
    nca({ lattice, channels: CHANNELS, rule, update: residual({ scale: 0.1 }), fireRate: share }),
  );
}

/** Cells that see left, themselves and right. */
function onRing(cells: number): Contender {
  const rule = mlp({ inputs: 3 * CHANNELS, outputs: CHANNELS, hidden: HIDDEN });
  return rollouts("ganglion, ring", nca({ lattice: ring(cells), channels: CHANNELS, rule, fireRate: 0.5 }));
}

/** The same perceptron as the only expert of a mixture. */
function asMixture(cells: number): Contender {
  const rule = moe({ inputs: 3 * CHANNELS, outputs: CHANNELS, experts: 1, topK: 1, hidden: HIDDEN });
  return rollouts("ganglion, ring of mixtures", nca({ lattice: ring(cells), channels: CHANNELS, rule, fireRate: 0.5 }));
}

/** Roll-outs of so many steps as a forward pass has, whose masks are drawn on the way. */
function rollouts<P extends Tree>(name: string, model: Nca<P>): Contender {
  const { cells } = model.lattice;
  const params = model.init(key(0));
  const state = fromData(numbers(cells * CHANNELS, 1, 25), [1, cells, CHANNELS]);
  return contender(name, () => model.rollout(params, state, { steps: STEPS, key: key(1) }).fired, STEPS);
}

/** The same step with plain tensors, compiled: every cell is computed, and those that do not fire stay as they were. */
function withTensors(cells: number): Contender {
  const weights = {
    w1: fromData(numbers(3 * CHANNELS * HIDDEN, 0.1, 23), [3 * CHANNELS, HIDDEN]),
    b1: fromData(new Float32Array(HIDDEN), [HIDDEN]),
    w2: fromData(numbers(HIDDEN * CHANNELS, 0.1, 24), [HIDDEN, CHANNELS]),
    b2: fromData(new Float32Array(CHANNELS), [CHANNELS]),
  };
  const state = fromData(numbers(cells * CHANNELS, 1, 25), [cells, CHANNELS]);
  const step = compile((p: typeof weights, x: Tensor, turn: Key) => {
    const left = concat([slice(x, [[cells - 1, cells]]), slice(x, [[0, cells - 1]])]);
    const right = concat([slice(x, [[1, cells]]), slice(x, [[0, 1]])]);
    const near = concat([left, x, right], 1);
    const next = tanh(add(matmul(relu(add(matmul(near, p.w1), p.b1)), p.w2), p.b2));
    return where(bernoulli(turn, 0.5, [cells, 1]), next, x);
  });
  let turn = 0;
  return contender("ganglion, compiled tensors", () => step(weights, state, foldIn(key(1), turn++)).size);
}
