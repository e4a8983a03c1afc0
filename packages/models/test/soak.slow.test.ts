import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { setTimeout } from "node:timers/promises";
import { threads } from "@ganglion/kernels";
import { directions, graph, mlp, nca, residual } from "@ganglion/nca";
import { neuronGraph, pairs, spread } from "@ganglion/neurons";
import { compile, foldIn, key, mean, square, sub, uniform, valueAndGrad, zeros } from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";
import { memoryAtRest } from "@ganglion/testing";
import { adam, applyUpdates } from "@ganglion/train";
import { afterEach, expect, test, vi } from "vitest";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

afterEach(() => {
  threads(1);
  vi.restoreAllMocks();
});

/**
 * Runs `turn` `turns` times and demands that the last nine tenths leave the heap and the buffers as they are, and let no
 * memory of WebAssembly grow.
 */
async function staysFlat(turns: number, turn: (index: number) => void): Promise<void> {
  const grow = vi.spyOn(WebAssembly.Memory.prototype, "grow");
  const run = async (from: number, to: number): Promise<void> => {
    for (let index = from; index < to; index++) {
      turn(index);
      // finalizers run between tasks
      if (index % 50 === 0) await setTimeout(1);
    }
  };
  await run(0, turns / 10);
  const before = await memoryAtRest();
  grow.mockClear();
  await run(turns / 10, turns);
  expect(grow).not.toHaveBeenCalled();
  const after = await memoryAtRest();
  expect(after.heap - before.heap).toBeLessThan(500_000);
  expect(after.buffers - before.buffers).toBeLessThan(100_000);
}

test.each([
  { cells: 30, updates: 20_000, count: 1 },
  { cells: 4200, updates: 200, count: 2 },
])("$updates updates of a rule on a graph of $cells cells, on $count threads, leave memory as it is", async (sizes) => {
  const { cells, updates, count } = sizes;
  expect(threads(count)).toBe(count);
  const channels = 12;
  const edges = Int32Array.from({ length: 4 * cells }, (_, i) =>
    i % 2 === 0 ? i >> 2 : ((i >> 2) + 2 * (i % 4) - 4 + cells) % cells,
  );
  const places = Float32Array.from({ length: 2 * cells }, (_, i) => ((i * 7919) % 10_007) / 100);
  const lattice = graph({ cells, edges, weights: directions(places, 2, edges) });
  const rule = mlp({ inputs: lattice.neighbourhood * channels, outputs: channels, hidden: 48 });
  const model = nca({ lattice, channels, rule, update: residual({ scale: 0.1 }), fireRate: 0.5 });
  const start = uniform(key(1), [1, cells, channels], { min: -1 });
  const target = zeros([1, cells, channels]);
  const optimiser = adam({ learningRate: 1e-3 });
  const score = compile((state: Tensor) => mean(square(sub(state, target))));
  let params = model.init(key(2));
  const apply = compile((given: typeof params, memory: typeof state, grads: typeof params) => {
    const { updates: change, state: next } = optimiser.update(grads, memory, given);
    return { params: applyUpdates(given, change), state: next };
  });
  let state = optimiser.init(params);
  const losses: number[] = [];
  await staysFlat(updates, (update) => {
    const { value, grads } = valueAndGrad((given: typeof params) =>
      score(model.rollout(given, start, { steps: 3, key: foldIn(key(3), update) }).state),
    )(params);
    ({ params, state } = apply(params, state, grads));
    if (update === 0 || update === updates - 1) losses.push(value.item());
  });
  expect(losses[1]).toBeLessThan(losses[0]!);
});

test.each([
  { spreads: 12_000, count: 1 },
  { spreads: 4000, count: 2 },
])(
  "$spreads spreads, and pairs learned between them, on $count threads, leave memory as it is",
  async ({ spreads, count }) => {
    expect(threads(count)).toBe(count);
    const net = neuronGraph();
    net.relations.set("carries", 1);
    const neurons = 2000;
    net.addNeurons(neurons, { decay: 0.5, threshold: 0 });
    const from = Uint32Array.from({ length: 5 * neurons }, (_, i) => i % neurons);
    const to = from.map((neuron, i) => (neuron * 31 + 7 * Math.floor(i / neurons) + 1) % neurons);
    net.connectAll(from, to, new Float32Array(from.length).fill(0.3), "carries");
    const words = Array.from({ length: 60 }, (_, i) => i);
    const learned = pairs(net, words, words, { most: 2000 });
    const lit = words.map((neuron) => [neuron * 20, 0.5] as const);
    let active = 0;
    await staysFlat(spreads, (turn) => {
      const layout = (["auto", "rows", "targets"] as const)[turn % 3]!;
      active += spread(net, lit, { steps: 2, sparsity: 0.1, layout }).neurons.length;
      if (turn % 100 !== 0) return;
      // a synapse more or one fewer: the operands of spreads are laid out anew, and the old ones are free when collected
      if (turn % 200 === 0) net.connect(1, 3, { relation: "carries", weight: 0.1 });
      else net.disconnect(1, 3, "carries");
      collect();
      const drawn = Uint16Array.from({ length: 2000 }, (_, i) => (i * (turn + 7)) % 60);
      learned.take(drawn, drawn.toReversed());
      learned.learn({ gain: 0.05, loss: 0.01, negatives: 3, bound: 1, seed: turn });
    });
    expect(active).toBeGreaterThan(spreads);
    expect(learned.weights.some((weight) => weight > 0)).toBe(true);
  },
);
