// Scale of @ganglion/neurons: a random graph is built, spread and saved; scipy's sparse product beside it, where there is one.
// Best of several, in processor time unless it says otherwise.
// Arguments: neurons, synapses per neuron.
import { execFileSync } from "node:child_process";
import { randomBits, threads } from "@ganglion/kernels";
import { loadGraph, neuronGraph, pull, saveGraph, simd, spread } from "@ganglion/neurons";
import type { NeuronGraph, Pull } from "@ganglion/neurons";
import { pythonWith } from "./contenders/python.ts";

const neurons = Number(process.argv[2] ?? 1_000_000);
const fanOut = Number(process.argv[3] ?? 10);
const synapses = neurons * fanOut;
const report = (what: string, figure: string): void => console.log(`| ${what} | ${figure} |`);

console.log(
  `| ${neurons.toLocaleString("en")} neurons, ${synapses.toLocaleString("en")} synapses | measured |\n| --- | --- |`,
);
const { from, to, weights } = randomEdges();
let graph!: NeuronGraph;
const built = seconds(() => {
  graph = neuronGraph();
  graph.relations.set("carries", 1);
  graph.addNeurons(neurons, { decay: 0.5, threshold: 0 });
  graph.connectAll(from, to, weights, "carries");
});
report("built at once", `${built.toFixed(2)} s, ${(synapses / built / 1e6).toFixed(1)} M synapses/s`);
const grown = seconds(() => {
  const other = neuronGraph();
  other.addNeurons(neurons / 10);
  for (let i = 0; i < synapses / 10; i++) {
    other.connect(from[i]! % (neurons / 10), to[i]! % (neurons / 10), { relation: "is_a", weight: 1 });
  }
});
report(
  "grown one synapse at a time (a tenth of it, in random order)",
  `${(synapses / 10 / grown / 1e6).toFixed(2)} M synapses/s`,
);
report("bytes per synapse, with its share of the neurons", (graph.bytes / synapses).toFixed(1));

for (const sparsity of [0.02, 1]) {
  const lit = Uint32Array.from({ length: Math.floor(neurons * sparsity) }, (_, i) => Math.floor(i / sparsity));
  const seeds = { neurons: lit, activations: new Float32Array(lit.length).fill(0.5) };
  let [edges, steps] = [0, 0];
  for (const layout of ["rows", "auto"] as const) {
    const spent = best(5, () => {
      const outcome = spread(graph, seeds, { sparsity, epsilon: 0, steps: 4, layout });
      [edges, steps] = [outcome.edges, outcome.steps];
    });
    const rate = `${(edges / spent / 1e6).toFixed(1)} M edges/s`;
    const figures = `${(1000 * spent).toFixed(0)} ms, ${edges.toLocaleString("en")} edges, ${rate}`;
    report(`spread (${layout}), ${steps} steps, at most ${100 * sparsity} % active`, figures);
  }
}
const [now, next] = [new Float32Array(neurons).fill(0.5), new Float32Array(neurons)];
steps("one step by targets, all active, plain loop", pull(graph));
steps("one step by targets, all active, SIMD", simd(graph));
const many = threads("auto");
const shared = simd(graph);
for (const count of [1, many]) {
  threads(count);
  steps(`the same on ${count} ${count === 1 ? "thread" : "threads"}, by the clock`, shared, byTheClock);
}
threads(1);
let file!: Uint8Array;
const saved = seconds(() => (file = saveGraph(graph)));
report("saved", `${saved.toFixed(2)} s, ${(file.length / 1e6).toFixed(0)} MB`);
const loaded = seconds(() => loadGraph(file));
report("loaded and checked", `${loaded.toFixed(2)} s`);
report("process memory", `${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`);
report("scipy: sparse product, float32, all neurons active", scipy());

function randomEdges(): { from: Uint32Array; to: Uint32Array; weights: Float32Array } {
  const words = new Uint32Array(synapses);
  randomBits(1, 0, 0, words);
  // targets of one neuron are spread evenly from a random start, so that no pair comes twice
  const start = words.subarray(0, neurons);
  const stride = Math.floor(neurons / fanOut);
  return {
    from: Uint32Array.from(words, (_, i) => i % neurons),
    to: Uint32Array.from(words, (_, i) => (start[i % neurons]! + Math.floor(i / neurons) * stride) % neurons),
    weights: Float32Array.from(words, (word) => (0.2 * word) / 2 ** 32),
  };
}

function scipy(): string {
  const program = [
    "import numpy as np, scipy.sparse as sp, time",
    `n, k = ${neurons}, ${fanOut}`,
    "r = np.random.default_rng(1)",
    "m = sp.csr_matrix((r.random(n*k, dtype=np.float32)*.2, (np.repeat(np.arange(n), k), r.integers(0, n, n*k))), shape=(n, n)).T.tocsr()",
    "x = r.random(n, dtype=np.float32)",
    "best = 1e9",
    "for _ in range(9):\n t = time.process_time(); y = m @ x; best = min(best, time.process_time() - t)",
    "print(f'{best*1000:.0f} ms, {m.nnz/best/1e6:.1f} M edges/s, {(m.data.nbytes+m.indices.nbytes+m.indptr.nbytes)/m.nnz:.1f} bytes per synapse')",
  ].join("\n");
  try {
    return execFileSync(pythonWith("scipy"), ["-c", program], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return "not measured: no Python here has scipy";
  }
}

function steps(what: string, layout: Pull, time = seconds): void {
  const spent = Math.min(...Array.from({ length: 9 }, () => time(() => layout.step(now, next))));
  report(what, `${(1000 * spent).toFixed(0)} ms, ${(synapses / spent / 1e6).toFixed(1)} M edges/s`);
}

/** Processor time: what other programs on the machine do does not count. */
function seconds(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function byTheClock(run: () => void): number {
  const start = performance.now();
  run();
  return (performance.now() - start) / 1000;
}

function best(rounds: number, run: () => void): number {
  return Math.min(...Array.from({ length: rounds }, () => seconds(run)));
}
