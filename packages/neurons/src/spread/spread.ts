import { checkCount, checkRange } from "../check.ts";
import { NEURON_WORDS, SYNAPSE_WORDS, neuronFlags, word } from "../store/layout.ts";
import type { NeuronGraph } from "../store/graph.ts";
import type { Trace } from "../trace/trace.ts";
import { ordered } from "./active.ts";
import type { Active } from "./active.ts";
import { bounded, onGrid } from "./exact.ts";
import { keepPerGroup, keepStrongest } from "./keep.ts";
import type { WorkingMemory } from "./memory.ts";
import { scratchOf } from "./scratch.ts";

/** Neurons and how strongly they are lit, in [0, 1]. */
export type Seeds = Iterable<readonly [neuron: number, activation: number]>;

/** How activation spreads. */
export interface SpreadConfig {
  /** Most steps. Default 8. */
  readonly steps?: number;
  /** Share of all neurons that may be active at once, in (0, 1], but never fewer than 16. Default 0.02. */
  readonly sparsity?: number;
  /** Sum of all changes in a step below which activation has settled. Default 0.001. */
  readonly epsilon?: number;
  /** Neurons that are held at a strength, in [0, 1], whatever reaches them; 0 silences. */
  readonly goals?: Seeds;
  /** Strengths that it holds join the seeds; afterwards it ticks and absorbs the outcome. */
  readonly memory?: WorkingMemory;
  /** Group of each row `[rows]`, -1 for none. */
  readonly groups?: Int32Array;
  /** Most active neurons per group. Default 1. */
  readonly groupTopK?: number;
  /** Where the spread is written down. */
  readonly trace?: Trace;
}

/** Where activation went. */
export interface Spread extends Active {
  /** Activation before the first step and after each. */
  readonly frames: readonly Active[];
  /** Steps that were taken. */
  readonly steps: number;
  /** Whether the last step changed less than epsilon. */
  readonly settled: boolean;
  /** Synapses that carried something, over all steps. */
  readonly edges: number;
  /** Neurons that were held. */
  readonly goals: ReadonlyMap<number, number>;
}

/**
 * Lets activation spread over synapses until it settles.
 *
 * In a step every neuron keeps `decay` of its activation, and one at or above its threshold sends
 * `activation * weight * relationWeight` along each synapse. Sums are bounded to [0, 1]; goals are held; of what is above 0
 * the strongest stay. Contributions are rounded to 2^-32, which makes every sum exact.
 *
 * The activation of each neuron, when it last fired and how often are written into its record.
 *
 * @param seeds neurons that are lit at the start; a neuron named twice has the larger value
 * @throws GraphError when a seed or goal does not exist, ConfigError for a setting or an activation out of range
 * @see Collins & Loftus 1975, doi:10.1037/0033-295X.82.6.407
 */
export function spread(graph: NeuronGraph, seeds: Seeds, config: SpreadConfig = {}): Spread {
  const { steps = 8, sparsity = 0.02, epsilon = 1e-3, groups, groupTopK = 1, memory, trace } = config;
  checkCount("spread", "steps", steps, 0);
  checkRange("spread", "sparsity", sparsity, Number.MIN_VALUE, 1);
  checkRange("spread", "epsilon", epsilon, 0, Infinity);
  checkCount("spread", "groupTopK", groupTopK);
  const goals = held(graph, config.goals ?? []);
  const lit = strengths(
    graph,
    seeds,
    memory?.entries().filter(([neuron]) => graph.has(neuron)),
  );
  for (const [neuron, strength] of goals) {
    if (strength > 0) lit.set(neuron, strength);
    else lit.delete(neuron);
  }
  const most = Math.max(16, Math.floor(graph.neurons * sparsity));
  const limits = { most, goals, groups, groupTopK };
  const first = ordered(graph, Uint32Array.from(lit.keys()), Float32Array.from(lit.values()));
  const frames = [first];
  const clock = ++graph.clock;
  let edges = 0;
  let settled = false;
  while (!settled && frames.length <= steps) {
    const now = frames.at(-1)!;
    edges += send(graph, now, clock);
    const next = settle(graph, limits);
    settled = change(graph, now, next) < epsilon;
    frames.push(next);
  }
  const last = frames.at(-1)!;
  write(graph, last);
  memory?.tick();
  memory?.absorb(last);
  trace?.add({
    kind: "spread",
    clock,
    seeds: first.neurons.length,
    steps: frames.length - 1,
    edges,
    active: last.neurons.length,
  });
  return { ...last, frames, steps: frames.length - 1, settled, edges, goals };
}

function strengths(graph: NeuronGraph, seeds: Seeds, more: Seeds = []): Map<number, number> {
  const lit = new Map<number, number>();
  for (const list of [seeds, more]) {
    for (const [neuron, activation] of list) {
      const value = checked(graph, neuron, activation);
      if (value > 0) lit.set(neuron, Math.max(value, lit.get(neuron) ?? 0));
    }
  }
  return lit;
}

function held(graph: NeuronGraph, goals: Seeds): Map<number, number> {
  return new Map(Array.from(goals, ([neuron, strength]) => [neuron, checked(graph, neuron, strength)] as const));
}

function checked(graph: NeuronGraph, neuron: number, activation: number): number {
  graph.check("spread", neuron);
  checkRange("spread", `the activation of neuron ${neuron}`, activation, 0, 1);
  return Math.fround(activation);
}

/** What every neuron keeps and what the firing ones send, summed per row. @returns synapses that carried */
function send(graph: NeuronGraph, { neurons, activations }: Active, clock: number): number {
  const scratch = scratchOf(graph);
  scratch.begin(graph.rows);
  const { words, floats } = graph.records.neuronViews;
  const { words: targets, floats: weights } = graph.records.synapseViews;
  const carried = graph.relations.weights;
  let edges = 0;
  for (let place = 0; place < neurons.length; place++) {
    const neuron = neurons[place]!;
    const activation = activations[place]!;
    const at = neuron * NEURON_WORDS;
    scratch.add(neuron, onGrid(activation * floats[at + word.decay]!));
    if (activation < floats[at + word.threshold]!) continue;
    fire(words, at, clock);
    const start = words[at + word.synapseOffset]!;
    const end = start + words[at + word.fanOut]!;
    for (let slot = start * SYNAPSE_WORDS; slot < end * SYNAPSE_WORDS; slot += SYNAPSE_WORDS) {
      const strength = weights[slot + 3]! * carried[targets[slot + 2]! & 0xffff]!;
      scratch.add(targets[slot]!, onGrid(activation * strength));
    }
    edges += end - start;
  }
  return edges;
}

function fire(words: Uint32Array, at: number, clock: number): void {
  if (words[at + word.lastFired] === clock >>> 0 && words[at + word.lastFired + 1] === Math.floor(clock / 2 ** 32))
    return;
  words[at + word.lastFired] = clock;
  words[at + word.lastFired + 1] = Math.floor(clock / 2 ** 32);
  words[at + word.fireCount]!++;
}

interface Limits {
  readonly most: number;
  readonly goals: ReadonlyMap<number, number>;
  readonly groups: Int32Array | undefined;
  readonly groupTopK: number;
}

/** The next activation: bounded sums, goals, and of the rest the strongest. */
function settle(graph: NeuronGraph, { most, goals, groups, groupTopK }: Limits): Active {
  const scratch = scratchOf(graph);
  const { words } = graph.records.neuronViews;
  let rows = new Uint32Array(scratch.count);
  let values = new Float32Array(scratch.count);
  let count = 0;
  for (let i = 0; i < scratch.count; i++) {
    const row = scratch.touched[i]!;
    const value = bounded(scratch.sums[row]!);
    if (value === 0 || goals.has(row)) continue;
    if (words[row * NEURON_WORDS + word.bits]! & (neuronFlags.deleted << 16)) continue;
    rows[count] = row;
    values[count++] = value;
  }
  [rows, values] = [rows.slice(0, count), values.slice(0, count)];
  const select = (places: Uint32Array<ArrayBuffer>): void => {
    [rows, values] = [places.map((place) => rows[place]!), Float32Array.from(places, (place) => values[place]!)];
  };
  if (groups !== undefined) select(keepPerGroup(graph, rows, values, groups, groupTopK));
  if (rows.length > most) select(keepStrongest(graph, rows, values, most));
  const lit = [...goals].filter(([, strength]) => strength > 0);
  const neurons = new Uint32Array(rows.length + lit.length);
  const activations = new Float32Array(rows.length + lit.length);
  neurons.set(rows);
  activations.set(values);
  for (const [i, [neuron, strength]] of lit.entries()) {
    neurons[rows.length + i] = neuron;
    activations[rows.length + i] = strength;
  }
  return ordered(graph, neurons, activations);
}

/** Sum of absolute changes, exact like every sum here. */
function change(graph: NeuronGraph, before: Active, after: Active): number {
  const scratch = scratchOf(graph);
  scratch.begin(graph.rows);
  for (const [place, neuron] of before.neurons.entries()) scratch.add(neuron, -before.activations[place]!);
  for (const [place, neuron] of after.neurons.entries()) scratch.add(neuron, after.activations[place]!);
  let sum = 0;
  for (let i = 0; i < scratch.count; i++) sum += onGrid(Math.abs(scratch.sums[scratch.touched[i]!]!));
  return sum;
}

const written = new WeakMap<NeuronGraph, Uint32Array>();

/** Puts the outcome into the records; what was active before is cleared. */
function write(graph: NeuronGraph, { neurons, activations }: Active): void {
  const { floats } = graph.records.neuronViews;
  for (const neuron of written.get(graph) ?? []) floats[neuron * NEURON_WORDS + word.activation] = 0;
  for (const [place, neuron] of neurons.entries()) {
    floats[neuron * NEURON_WORDS + word.activation] = activations[place]!;
  }
  written.set(graph, neurons);
}
