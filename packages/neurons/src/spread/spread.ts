import { checkCount, checkRange } from "../check.ts";
import { NEURON_WORDS, word } from "../store/layout.ts";
import type { NeuronGraph } from "../store/graph.ts";
import type { Trace } from "../trace/trace.ts";
import { ordered } from "./active.ts";
import type { Active } from "./active.ts";
import { onGrid } from "./exact.ts";
import { keepPerGroup, keepStrongest } from "./keep.ts";
import type { WorkingMemory } from "./memory.ts";
import { reserveTouched, scratchOf } from "./scratch.ts";
import { stepOf } from "./step.ts";
import type { SpreadLayout } from "./step.ts";

/** Neurons and how strongly they are lit, in [0, 1]: as pairs, or as two arrays. */
export type Seeds = Iterable<readonly [neuron: number, activation: number]> | Active;

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
  /**
   * How the synapses are looked at; the outcome is the same. `rows`: those of the active neurons, in their records.
   * `senders`: the same, in the memory of the kernels. `targets`: all, by what they lead to, there as well. Default `auto`:
   * where the graph has not changed for a while, by targets when much is active and by senders otherwise.
   */
  readonly layout?: SpreadLayout;
  /** Where the spread is written down. */
  readonly trace?: Trace;
}

/** Where activation went: the active neurons, the strongest first, equals in the order of their identities. */
export interface Spread extends Active {
  /** Activation before the first step and after each, in no particular order. */
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
  const { steps = 8, sparsity = 0.02, epsilon = 1e-3, groups, groupTopK = 1, memory, trace, layout = "auto" } = config;
  checkCount("spread", "steps", steps, 0);
  checkRange("spread", "sparsity", sparsity, Number.MIN_VALUE, 1);
  checkRange("spread", "epsilon", epsilon, 0, Infinity);
  checkCount("spread", "groupTopK", groupTopK);
  const goals = held(graph, config.goals ?? []);
  const most = Math.max(16, Math.floor(graph.neurons * sparsity));
  const limits = { most, goals, groups, groupTopK };
  const first = light(graph, seeds, goals, memory);
  const frames = [first];
  const clock = ++graph.clock;
  let edges = 0;
  let settled = false;
  while (!settled && frames.length <= steps) {
    const now = frames.at(-1)!;
    const [arrived, carried] = stepOf(graph, now, clock, layout);
    edges += carried;
    const next = settle(graph, arrived, limits);
    settled = epsilon > 0 && change(graph, now, next) < epsilon;
    frames.push(next);
  }
  const last = ordered(graph, frames.at(-1)!);
  write(graph, frames.at(-1)!);
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

function held(graph: NeuronGraph, goals: Seeds): Map<number, number> {
  const { neurons, activations } = listed(graph, goals);
  return new Map(Array.from(neurons, (neuron, i) => [neuron, activations[i]!] as const));
}

/** The first activation: of a neuron that is named twice the larger value, goals at their strength. */
function light(
  graph: NeuronGraph,
  seeds: Seeds,
  goals: ReadonlyMap<number, number>,
  memory: WorkingMemory | undefined,
): Active {
  const kept = memory?.entries().filter(([neuron]) => graph.has(neuron)) ?? [];
  const lists = [listed(graph, seeds), listed(graph, kept)];
  const scratch = scratchOf(graph);
  const { sums } = scratch;
  let count = 0;
  for (const { neurons, activations } of lists) {
    scratch.count = count;
    const touched = reserveTouched(scratch, neurons.length);
    for (let i = 0; i < neurons.length; i++) {
      const neuron = neurons[i]!;
      if (activations[i] === 0 || goals.has(neuron)) continue;
      if (sums[neuron] === 0) touched[count++] = neuron;
      if (activations[i]! > sums[neuron]!) sums[neuron] = activations[i]!;
    }
  }
  const neurons = scratch.touched.slice(0, count);
  const activations = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    activations[i] = sums[neurons[i]!]!;
    sums[neurons[i]!] = 0;
  }
  return withGoals({ neurons, activations }, goals);
}

/** Seeds as two arrays, checked. */
function listed(graph: NeuronGraph, seeds: Seeds): Active {
  const pairs = "neurons" in seeds ? undefined : [...seeds];
  const neurons = pairs?.map(([neuron]) => neuron) ?? (seeds as Active).neurons;
  const values = pairs?.map(([, activation]) => activation) ?? (seeds as Active).activations;
  for (let i = 0; i < neurons.length; i++) {
    if (!graph.has(neurons[i]!)) graph.check("spread", neurons[i]!);
    const value = values[i]!;
    if (!(value >= 0 && value <= 1)) checkRange("spread", `the activation of neuron ${neurons[i]!}`, value, 0, 1);
  }
  return { neurons: Uint32Array.from(neurons), activations: Float32Array.from(values) };
}

interface Limits {
  readonly most: number;
  readonly goals: ReadonlyMap<number, number>;
  readonly groups: Int32Array | undefined;
  readonly groupTopK: number;
}

/** The next activation: goals, and of the rest the strongest. */
function settle(graph: NeuronGraph, arrived: Active, { most, goals, groups, groupTopK }: Limits): Active {
  let next = graph.neurons < graph.rows || goals.size > 0 ? withoutHeld(graph, arrived, goals) : arrived;
  if (groups !== undefined) next = keepPerGroup(graph, next, groups, groupTopK);
  next = keepStrongest(graph, next, most);
  return withGoals(next, goals);
}

/** Leaves out goals, and neurons that were removed while synapses lead to them. */
function withoutHeld(graph: NeuronGraph, { neurons, activations }: Active, goals: ReadonlyMap<number, number>): Active {
  const places: number[] = [];
  for (let place = 0; place < neurons.length; place++) {
    const neuron = neurons[place]!;
    if (!goals.has(neuron) && graph.has(neuron)) places.push(place);
  }
  return {
    neurons: Uint32Array.from(places, (place) => neurons[place]!),
    activations: Float32Array.from(places, (place) => activations[place]!),
  };
}

function withGoals(active: Active, goals: ReadonlyMap<number, number>): Active {
  if (goals.size === 0) return active;
  const { neurons, activations } = active;
  const lit = [...goals].filter(([, strength]) => strength > 0);
  const all = {
    neurons: new Uint32Array(neurons.length + lit.length),
    activations: new Float32Array(neurons.length + lit.length),
  };
  all.neurons.set(neurons);
  all.activations.set(activations);
  for (const [i, [neuron, strength]] of lit.entries()) {
    all.neurons[neurons.length + i] = neuron;
    all.activations[neurons.length + i] = strength;
  }
  return all;
}

/** Sum of absolute changes, exact like every sum here. */
function change(graph: NeuronGraph, before: Active, after: Active): number {
  const { sums } = scratchOf(graph);
  let sum = 0;
  for (let i = 0; i < before.neurons.length; i++) sums[before.neurons[i]!] = before.activations[i]!;
  for (let i = 0; i < after.neurons.length; i++) {
    const neuron = after.neurons[i]!;
    sum += onGrid(Math.abs(sums[neuron]! - after.activations[i]!));
    sums[neuron] = 0;
  }
  for (let i = 0; i < before.neurons.length; i++) {
    const neuron = before.neurons[i]!;
    sum += onGrid(sums[neuron]!);
    sums[neuron] = 0;
  }
  return sum;
}

const written = new WeakMap<NeuronGraph, Uint32Array>();

/** Puts the outcome into the records; what was active before is cleared. */
function write(graph: NeuronGraph, { neurons, activations }: Active): void {
  const { floats } = graph.records.neuronViews;
  const before = written.get(graph) ?? new Uint32Array();
  for (let i = 0; i < before.length; i++) floats[before[i]! * NEURON_WORDS + word.activation] = 0;
  for (let i = 0; i < neurons.length; i++) floats[neurons[i]! * NEURON_WORDS + word.activation] = activations[i]!;
  written.set(graph, neurons);
}
