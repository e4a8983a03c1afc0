// What does one cell cost per step, from 64 cells to 1,048,576 (a ring, half of the cells fire, 36 -> 48 -> 12)?
import { moe } from "@ganglion/moe";
import { nca, ring } from "@ganglion/nca";
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
import type { Key, Tensor } from "@ganglion/tensor";
import { loadPeers } from "./contenders/peers.ts";
import { contender, race } from "./measure/race.ts";
import type { Contender } from "./measure/race.ts";
import { answer, rowsOf } from "./measure/report.ts";
import type { Row } from "./measure/report.ts";
import { settings } from "./measure/settings.ts";
import { numbers } from "./work/numbers.ts";

const [CHANNELS, HIDDEN] = [12, 48];
const sizes = settings.short ? [64, 4096] : [64, 1024, 16_384, 131_072, 1_048_576];

const peers = await loadPeers();
const rows: Row[] = [];
for (const cells of sizes) {
  const contenders = [fused(cells), withTensors(cells), ...peers.flatMap((peer) => peer.ring?.(cells) ?? [])];
  const timings = await race(contenders, { agree: false });
  const unit = { name: "ns/cell", perMillisecond: 1e6 / cells };
  const target = ({ median }: { median: number }) => {
    const cost = (median * 1e6) / cells;
    return { text: "<= 60 ns/cell from 1,024 cells on", met: cost <= 60 || cells < 1024 };
  };
  rows.push(...rowsOf(`${cells.toLocaleString("en")} cells`, timings, { unit, target }));
}
for (const peer of peers) peer.close?.();
answer(
  "What does one cell cost per step, from 64 cells to 1,048,576 (a ring, half of the cells fire, 36 -> 48 -> 12)?",
  rows,
);

/** The automaton of `@ganglion/nca`, whose steps run in one kernel. */
function fused(cells: number): Contender {
  const rule = moe({ inputs: 3 * CHANNELS, outputs: CHANNELS, experts: 1, topK: 1, hidden: HIDDEN });
  const model = nca({ lattice: ring(cells), channels: CHANNELS, rule, fireRate: 0.5 });
  const params = model.init(key(0));
  const state = fromData(numbers(cells * CHANNELS, 1, 25), [1, cells, CHANNELS]);
  const steps = Math.max(1, Math.round(4096 / cells));
  const run = () => model.rollout(params, state, { steps, key: key(1) }).fired;
  return contender("ganglion, automaton", run, steps);
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
