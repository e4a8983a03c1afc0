// How many synapses does a step of spreading activation pass in a second, about a million of them in all?
import { pushTable, spreadReference, spreadTable } from "@ganglion/kernels";
import type { SpreadSynapses } from "@ganglion/kernels";
import { neuronGraph, spread } from "@ganglion/neurons";
import { loadPeers } from "./contenders/peers.ts";
import { contender, race } from "./measure/race.ts";
import type { Contender, Timing } from "./measure/race.ts";
import { answer, rowsOf } from "./measure/report.ts";
import type { Row, Target } from "./measure/report.ts";
import { settings } from "./measure/settings.ts";
import { fileOf } from "./work/arrays.ts";
import { SHOWN, sentBy, shownSum, synapses } from "./work/synapses.ts";
import type { Synapses } from "./work/synapses.ts";

const shapes = settings.short
  ? [[16_384, 64]]
  : [
      [4096, 256],
      [16_384, 64],
      [65_536, 16],
      [262_144, 4],
      [1_000_000, 10],
    ];

const peers = await loadPeers(["@jax-js/jax", "@tensorflow/tfjs", "onnxruntime-web", "scipy", "numba"]);
const rows: Row[] = [];
for (const [neurons, each] of shapes as [number, number][]) {
  const size = `${neurons.toLocaleString("en")} neurons, ${each} synapses each`;
  const all = synapses(neurons, each, 1);
  const few = synapses(neurons, each, 0.02);
  const [allFile, fewFile] = [fileOfSynapses(all), fileOfSynapses(few)];
  const dense = [inKernel(all), inLoops(all)];
  const sparse = [fromActive(few), ...inGraph(few)];
  for (const peer of peers) {
    if (peer.spread) {
      dense.push(await peer.spread(allFile));
      sparse.push(await peer.spread(fewFile));
    }
    if (peer.spreadFew) sparse.push(rowsOnly(peer.spreadFew(fewFile)));
  }
  const rate = (milliseconds: number): string => `${((neurons * each) / milliseconds / 1000).toFixed(0)} M/s`;
  rows.push(...rowsOf(`${size}, all active`, await race(dense), { rate, target: fasterThanScipy }));
  rows.push(...rowsOf(`${size}, 2 % active`, await race(sparse), { target: fasterThanScipy }));
}
for (const peer of peers) peer.close?.();
answer("How many synapses does a step of spreading activation pass in a second, about a million of them in all?", rows);

function inKernel(work: Synapses): Contender {
  const table = spreadTable(work.x.length);
  table.take(operands(work));
  table.activation.set(work.x);
  return contender("ganglion, spreadTable", () => {
    table.step();
    return shownSum(table.next);
  });
}

/** From the active neurons alone. */
function fromActive(work: Synapses): Contender {
  const { thresholds, decays } = operands(work);
  const table = pushTable(work.x.length);
  table.take({ ...sentBy(work), thresholds, decays });
  const { neurons, activations } = lit(work);
  return contender("ganglion, pushTable", () => {
    table.neurons.set(neurons);
    table.activations.set(activations);
    const count = table.step(neurons.length);
    let total = 0;
    for (let i = 0; i < count && table.neurons[i]! < SHOWN; i++) total += table.activations[i]!;
    return total;
  });
}

function lit({ x }: Synapses): { neurons: Uint32Array; activations: Float32Array } {
  const neurons = Uint32Array.from([...x.keys()].filter((row) => x[row]! > 0));
  return { neurons, activations: Float32Array.from(neurons, (row) => x[row]!) };
}

function inLoops(work: Synapses): Contender {
  const synapses = operands(work);
  const next = new Float32Array(work.x.length);
  return contender("ganglion, its plain loop", () => {
    spreadReference(synapses, { activation: work.x, next });
    return shownSum(next);
  });
}

/** Nobody keeps anything, and everybody sends: a step is a sparse product. */
function operands({ starts, senders, strengths, x }: Synapses): SpreadSynapses {
  return {
    starts: Uint32Array.from(starts),
    senders: Uint32Array.from(senders),
    strengths,
    thresholds: new Float32Array(x.length),
    decays: new Float32Array(x.length),
  };
}

/** A whole spread of one step: checks, thresholds, bounds, the order of the outcome and the records of the neurons too. */
function inGraph(work: Synapses): Contender[] {
  const { starts, senders, strengths, x } = work;
  const graph = neuronGraph();
  graph.relations.set("carries", 1);
  graph.addNeurons(x.length, { decay: 0, threshold: 0 });
  const sums = new Map<number, number>();
  const to: number[] = [];
  const from: number[] = [];
  const weights: number[] = [];
  for (let row = 0; row < x.length; row++) {
    sums.clear();
    for (let slot = starts[row]!; slot < starts[row + 1]!; slot++) {
      sums.set(senders[slot]!, (sums.get(senders[slot]!) ?? 0) + strengths[slot]!);
    }
    for (const [sender, weight] of sums) {
      from.push(sender);
      to.push(row);
      weights.push(weight);
    }
  }
  graph.connectAll(Uint32Array.from(from), Uint32Array.from(to), Float32Array.from(weights), "carries");
  const seeds = lit(work);
  return (["auto", "rows"] as const).map((layout) =>
    contender(`ganglion, spread (${layout})`, () => {
      spread(graph, seeds, { steps: 1, sparsity: 1, epsilon: 0, layout });
      return shownSum(Float32Array.from({ length: SHOWN }, (_, neuron) => graph.neuron(neuron).activation));
    }),
  );
}

function fileOfSynapses(work: Synapses): string {
  return fileOf(
    Object.fromEntries(Object.entries(work).map(([name, data]) => [name, { data, shape: [data.length] }] as const)),
  );
}

function rowsOnly(one: Contender): Contender {
  return { ...one, name: `${one.name}, rows of the active` };
}

/** The bar is set by the fastest way to write it in scipy. */
function fasterThanScipy({ median }: Timing, others: readonly Timing[]): Target {
  const theirs = others.filter(({ name }) => name.startsWith("scipy")).map((timing) => timing.median);
  const ratio = Math.min(...theirs) / median;
  return theirs.length === 0
    ? { text: ">= 1.3 x scipy, which is missing", met: false }
    : { text: `>= 1.3 x scipy (${ratio.toFixed(2)} x)`, met: ratio >= 1.3 };
}
