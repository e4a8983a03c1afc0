import { GraphError } from "../errors.ts";
import { BlockIndex } from "./blockIndex.ts";
import { NEURON_BYTES, NEURON_WORDS, SYNAPSE_BYTES, SYNAPSE_WORDS, neuronFlags, word } from "./layout.ts";
import { Table } from "./table.ts";
import type { Views } from "./table.ts";

const FIRST_ROOM = 4;
const MOST_SYNAPSES = 2 ** 28;

/**
 * The two tables of a graph. The synapses of a neuron lie together (compressed sparse rows): its block has room to grow,
 * moves to the end when that is used up, and gaps are closed when they outweigh what lives.
 */
export class Records {
  readonly #neurons: Table;
  #synapses: Table;
  /** Synapses that the block of each neuron can hold. */
  #room = new Uint32Array(16);
  #live = 0;
  readonly #index = new BlockIndex();
  /** Counts up with every change of a neuron or a synapse. */
  version = 0;

  constructor(neurons: Table = new Table(NEURON_BYTES), synapses: Table = new Table(SYNAPSE_BYTES)) {
    this.#neurons = neurons;
    this.#synapses = synapses;
    this.#live = synapses.length;
    this.#room = Uint32Array.from({ length: Math.max(16, neurons.length) }, (_, neuron) =>
      neuron < neurons.length ? neurons.views.words[neuron * NEURON_WORDS + word.fanOut]! : 0,
    );
  }

  get neurons(): number {
    return this.#neurons.length;
  }

  get synapses(): number {
    return this.#live;
  }

  get bytes(): number {
    return this.#neurons.bytes + this.#synapses.bytes;
  }

  get neuronViews(): Views {
    return this.#neurons.views;
  }

  get synapseViews(): Views {
    return this.#synapses.views;
  }

  /** Slots of a neuron's synapses: from the first to behind the last. */
  block(neuron: number): [start: number, end: number] {
    const { words } = this.#neurons.views;
    const start = words[neuron * NEURON_WORDS + word.synapseOffset]!;
    return [start, start + words[neuron * NEURON_WORDS + word.fanOut]!];
  }

  addNeuron(): number {
    this.version++;
    this.reserveNeurons(this.neurons + 1);
    return this.#neurons.add(1);
  }

  reserveNeurons(rows: number): void {
    this.#neurons.reserve(rows);
    if (rows <= this.#room.length) return;
    const larger = new Uint32Array(Math.max(rows, 2 * this.#room.length));
    larger.set(this.#room);
    this.#room = larger;
  }

  /** Slot of a synapse, or nothing: constant time, however many its neuron has. */
  find(from: number, to: number, relation: number): number | undefined {
    const [start, end] = this.block(from);
    return this.#index.find(this.#synapses.views, from, start, end, to, relation);
  }

  /** Adds a synapse of weight 0 behind the others of its neuron. @returns its slot */
  append(from: number, to: number, relation: number): number {
    this.version++;
    const at = from * NEURON_WORDS;
    let [start, end] = this.block(from);
    if (end - start === this.#room[from]) {
      this.#move(from, Math.max(FIRST_ROOM, 2 * (end - start)));
      [start, end] = this.block(from);
    }
    const { words, floats } = this.#synapses.views;
    words[end * SYNAPSE_WORDS] = to;
    words[end * SYNAPSE_WORDS + 1] = 0;
    words[end * SYNAPSE_WORDS + 2] = relation;
    floats[end * SYNAPSE_WORDS + 3] = 0;
    this.#neurons.views.words[at + word.fanOut]!++;
    this.#live++;
    this.#index.added(from, to, relation, end - start);
    return end;
  }

  /** Gives the synapse in a slot another weight. */
  setWeight(slot: number, weight: number): void {
    this.version++;
    this.#synapses.views.floats[slot * SYNAPSE_WORDS + 3] = weight;
  }

  /** Takes one synapse out; those behind it in its block move up. */
  remove(from: number, slot: number): void {
    this.version++;
    const [, end] = this.block(from);
    this.#synapses.views.words.copyWithin(slot * SYNAPSE_WORDS, (slot + 1) * SYNAPSE_WORDS, end * SYNAPSE_WORDS);
    this.#neurons.views.words[from * NEURON_WORDS + word.fanOut]!--;
    this.#live--;
    this.#index.forget(from);
  }

  /** Takes all synapses of a neuron out. */
  dropBlock(neuron: number): void {
    this.version++;
    const [start, end] = this.block(neuron);
    this.#live -= end - start;
    this.#neurons.views.words[neuron * NEURON_WORDS + word.fanOut] = 0;
    this.#index.forget(neuron);
  }

  /** Fills the empty synapse table at once, in the order of neurons (counting sort). */
  fill(from: Uint32Array, to: Uint32Array, weights: Float32Array, relation: number): void {
    this.version++;
    const { words } = this.#neurons.views;
    const next = new Uint32Array(this.neurons + 1);
    for (const neuron of from) next[neuron + 1]!++;
    for (let neuron = 0; neuron < this.neurons; neuron++) next[neuron + 1]! += next[neuron]!;
    const synapses = new Table(SYNAPSE_BYTES, from.length);
    synapses.add(from.length);
    const { words: targets, floats } = synapses.views;
    const starts = next.slice();
    for (let i = 0; i < from.length; i++) {
      const at = next[from[i]!]!++ * SYNAPSE_WORDS;
      targets[at] = to[i]!;
      targets[at + 2] = relation;
      floats[at + 3] = weights[i]!;
    }
    refuseTwins(targets, starts, this.neurons);
    for (let neuron = 0; neuron < this.neurons; neuron++) {
      const count = starts[neuron + 1]! - starts[neuron]!;
      words[neuron * NEURON_WORDS + word.synapseOffset] = starts[neuron]!;
      words[neuron * NEURON_WORDS + word.fanOut] = count;
      this.#room[neuron] = count;
    }
    this.#synapses = synapses;
    this.#live = from.length;
    this.#index.clear();
  }

  /** Closes all gaps. */
  compact(dropDead: boolean): void {
    const { words: neurons } = this.#neurons.views;
    const { words: old } = this.#synapses.views;
    const table = new Table(SYNAPSE_BYTES, this.#live);
    const { words } = table.views;
    let next = 0;
    for (let neuron = 0; neuron < this.neurons; neuron++) {
      const [start, end] = this.block(neuron);
      const first = next;
      for (let slot = start; slot < end; slot++) {
        const from = slot * SYNAPSE_WORDS;
        if (dropDead && neurons[old[from]! * NEURON_WORDS + word.bits]! & (neuronFlags.deleted << 16)) continue;
        const at = next++ * SYNAPSE_WORDS;
        words[at] = old[from]!;
        words[at + 2] = old[from + 2]!;
        words[at + 3] = old[from + 3]!;
      }
      neurons[neuron * NEURON_WORDS + word.synapseOffset] = first;
      neurons[neuron * NEURON_WORDS + word.fanOut] = next - first;
      this.#room[neuron] = next - first;
    }
    table.add(next);
    this.#synapses = table;
    this.#live = next;
    this.#index.clear();
  }

  /** Moves a block to the end of the table, with more room. */
  #move(neuron: number, room: number): void {
    const table = this.#synapses;
    const gaps = table.length - this.#live;
    if (table.length + room > table.capacity && gaps > this.#live) this.compact(false);
    if (this.#synapses.length + room > MOST_SYNAPSES) {
      throw new GraphError(
        "connect",
        `expected at most ${MOST_SYNAPSES} synapses with the room that their blocks need`,
      );
    }
    const [start, end] = this.block(neuron);
    const first = this.#synapses.add(room);
    const { words } = this.#synapses.views;
    words.copyWithin(first * SYNAPSE_WORDS, start * SYNAPSE_WORDS, end * SYNAPSE_WORDS);
    this.#neurons.views.words[neuron * NEURON_WORDS + word.synapseOffset] = first;
    this.#room[neuron] = room;
  }
}

function refuseTwins(targets: Uint32Array, starts: Uint32Array, neurons: number): void {
  const seen = new Uint32Array(neurons);
  for (let neuron = 0; neuron < neurons; neuron++) {
    for (let slot = starts[neuron]!; slot < starts[neuron + 1]!; slot++) {
      const to = targets[slot * SYNAPSE_WORDS]!;
      if (seen[to] === neuron + 1) {
        throw new GraphError(
          "connectAll",
          `expected every pair once, received ${neuron} -> ${to} twice. Remove the second?`,
        );
      }
      seen[to] = neuron + 1;
    }
  }
}
