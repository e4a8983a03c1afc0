import { checkFinite, checkRange } from "../check.ts";
import { GraphError } from "../errors.ts";
import { Aliases } from "./aliases.ts";
import { Heap } from "./heap.ts";
import { NEURON_WORDS, SYNAPSE_WORDS, neuronFlags, neuronKinds, synapseFlags, word } from "./layout.ts";
import type { NeuronKind } from "./layout.ts";
import { Relations } from "./relations.ts";
import { Records } from "./records.ts";

/** Facts about a new neuron. */
export interface NeuronConfig {
  /** Identity, a whole number from 0 that no other neuron has. Default: one more than the largest so far. */
  readonly id?: number;
  /** Default "concept". */
  readonly kind?: NeuronKind;
  /** Sense it belongs to, in [0, 255]. Default 0. */
  readonly modality?: number;
  /** Least activation with which it fires. Default 0.1. */
  readonly threshold?: number;
  /** Share of its activation that it keeps per step, in [0, 1]. Default 0.85. */
  readonly decay?: number;
  /** A name in any case. */
  readonly alias?: string;
  /** Bytes or a text that it stands for. */
  readonly content?: Uint8Array | string;
  /** Whether no rule may change its synapses. Default false. */
  readonly pinned?: boolean;
}

/** A neuron as it is now. */
export interface Neuron {
  readonly neuron: number;
  readonly id: number;
  readonly kind: NeuronKind;
  readonly modality: number;
  readonly pinned: boolean;
  readonly activation: number;
  readonly threshold: number;
  readonly decay: number;
  readonly lastFired: number;
  readonly fireCount: number;
  readonly fanOut: number;
  readonly names: readonly string[];
}

/** What a synapse is besides its ends. */
export interface SynapseConfig {
  /** Default "related_to". */
  readonly relation?: string;
  /** Default 1. */
  readonly weight?: number;
  /** Whether no rule may change it. Default false. */
  readonly pinned?: boolean;
}

/** A synapse as it is now. */
export interface Synapse {
  readonly from: number;
  readonly to: number;
  readonly relation: string;
  readonly weight: number;
  readonly pinned: boolean;
}

/** Neurons with an identity, and the synapses between them, in flat memory. Made by {@link neuronGraph}. */
export class NeuronGraph {
  readonly relations: Relations;
  readonly aliases: Aliases = new Aliases();
  /** Records of neurons and synapses, for hot loops. @internal */
  readonly records: Records;
  /** @internal */
  heap: Heap = new Heap();
  /** Spreads so far. @internal */
  clock = 0;
  /** Rows by identity; absent while every identity is its row. */
  #rows: Map<number, number> | undefined;
  #nextId = 0;
  #idsAscend = true;
  #deleted = 0;

  /** @internal */
  constructor(records: Records = new Records(), relations: Relations = new Relations()) {
    this.records = records;
    this.relations = relations;
    this.#readIdentities();
  }

  /** Rows of the neuron table, deleted neurons included. */
  get rows(): number {
    return this.records.neurons;
  }

  /** Neurons that are alive. */
  get neurons(): number {
    return this.records.neurons - this.#deleted;
  }

  /** Whether identities are in the order of rows. @internal */
  get idsAscend(): boolean {
    return this.#idsAscend;
  }

  /** Synapses there are. */
  get synapses(): number {
    return this.records.synapses;
  }

  /** Counts up with every change that a spread could notice. @internal */
  get version(): number {
    return this.records.version + this.relations.version;
  }

  /** Bytes of the two tables, room for growth included. */
  get bytes(): number {
    return this.records.bytes;
  }

  /**
   * Adds a neuron.
   *
   * @returns its row, by which all functions know it
   * @throws GraphError for an identity or a name that is taken, ConfigError for a value out of range
   */
  addNeuron({
    id = this.#nextId,
    kind = "concept",
    modality = 0,
    threshold = 0.1,
    decay = 0.85,
    alias,
    content,
    pinned = false,
  }: NeuronConfig = {}): number {
    checkFinite("addNeuron", "threshold", threshold);
    checkRange("addNeuron", "decay", decay, 0, 1);
    checkRange("addNeuron", "modality", modality, 0, 255);
    if (!Number.isSafeInteger(id) || id < 0) {
      throw new GraphError("addNeuron", `expected id to be a whole number from 0 to 2^53, received ${id}`);
    }
    const taken = this.neuronOf(id);
    if (taken !== undefined)
      throw new GraphError("addNeuron", `expected a free id, received ${id}, which is neuron ${taken}`);
    if (alias !== undefined && this.aliases.neuronOf(alias) !== undefined) this.aliases.set(alias, this.rows);
    const neuron = this.records.addNeuron();
    const { words, floats } = this.records.neuronViews;
    const at = neuron * NEURON_WORDS;
    words[at + word.bits] = neuronKinds.indexOf(kind) | (modality << 8) | ((pinned ? neuronFlags.pinned : 0) << 16);
    floats[at + word.threshold] = threshold;
    floats[at + word.decay] = decay;
    this.#identify(neuron, id);
    if (alias !== undefined) this.aliases.set(alias, neuron);
    if (content !== undefined) this.setContent(neuron, content);
    return neuron;
  }

  /**
   * Adds many neurons at once, with the defaults of {@link NeuronConfig}.
   *
   * @returns row of the first; the others follow
   */
  addNeurons(
    count: number,
    { kind = "concept", threshold = 0.1, decay = 0.85 }: Pick<NeuronConfig, "kind" | "threshold" | "decay"> = {},
  ): number {
    this.records.reserveNeurons(this.rows + count);
    const first = this.rows;
    if (count > 0) this.addNeuron({ kind, threshold, decay });
    for (let i = 1; i < count; i++) {
      const neuron = this.records.addNeuron();
      this.records.neuronViews.words.copyWithin(
        neuron * NEURON_WORDS,
        first * NEURON_WORDS,
        (first + 1) * NEURON_WORDS,
      );
      this.#identify(neuron, this.#nextId);
    }
    return first;
  }

  /** A neuron as it is now. @throws GraphError when there is none in that row */
  neuron(neuron: number): Neuron {
    this.check("neuron", neuron);
    const { words, floats } = this.records.neuronViews;
    const at = neuron * NEURON_WORDS;
    const bits = words[at + word.bits]!;
    return {
      neuron,
      id: this.idOf(neuron),
      kind: neuronKinds[bits & 255]!,
      modality: (bits >>> 8) & 255,
      pinned: (bits & (neuronFlags.pinned << 16)) !== 0,
      activation: floats[at + word.activation]!,
      threshold: floats[at + word.threshold]!,
      decay: floats[at + word.decay]!,
      lastFired: words[at + word.lastFired]! + words[at + word.lastFired + 1]! * 2 ** 32,
      fireCount: words[at + word.fireCount]!,
      fanOut: words[at + word.fanOut]!,
      names: this.aliases.namesOf(neuron),
    };
  }

  /** Identity of a row. */
  idOf(neuron: number): number {
    const { words } = this.records.neuronViews;
    return words[neuron * NEURON_WORDS]! + words[neuron * NEURON_WORDS + 1]! * 2 ** 32;
  }

  /** Row of an identity, or nothing. */
  neuronOf(id: number): number | undefined {
    if (this.#rows !== undefined) return this.#rows.get(id);
    return id < this.rows && this.#isAlive(id) ? id : undefined;
  }

  /** Whether a living neuron is in that row. */
  has(neuron: number): boolean {
    return Number.isInteger(neuron) && neuron >= 0 && neuron < this.rows && this.#isAlive(neuron);
  }

  /** First name of a neuron, or `#` and its identity. */
  label(neuron: number): string {
    return this.aliases.namesOf(neuron)[0] ?? `#${this.idOf(neuron)}`;
  }

  /** Replaces what a neuron stands for. */
  setContent(neuron: number, content: Uint8Array | string): void {
    this.check("setContent", neuron);
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    this.records.neuronViews.words[neuron * NEURON_WORDS + word.contentOffset] = this.heap.add(bytes);
  }

  /** What a neuron stands for, or nothing. */
  content(neuron: number): Uint8Array | undefined {
    this.check("content", neuron);
    return this.heap.at(this.records.neuronViews.words[neuron * NEURON_WORDS + word.contentOffset]!);
  }

  /**
   * Takes a neuron out, with its names and the synapses that leave it; those that lead to it carry nothing from now on and
   * vanish when the graph is compacted.
   */
  removeNeuron(neuron: number): void {
    this.check("removeNeuron", neuron);
    this.records.dropBlock(neuron);
    const { words } = this.records.neuronViews;
    this.#rows ??= this.#identities();
    this.#rows.delete(this.idOf(neuron));
    words[neuron * NEURON_WORDS + word.bits]! |= neuronFlags.deleted << 16;
    this.records.neuronViews.floats[neuron * NEURON_WORDS + word.activation] = 0;
    this.aliases.delete(neuron);
    this.#deleted++;
  }

  /**
   * Adds a synapse, or gives the one of the same relation another weight.
   *
   * @throws GraphError when one of the neurons does not exist, ConfigError for a weight that is not finite
   */
  connect(from: number, to: number, { relation = "related_to", weight = 1, pinned = false }: SynapseConfig = {}): void {
    this.check("connect", from);
    this.check("connect", to);
    checkFinite("connect", "weight", weight);
    const code = this.relations.codeOf(relation);
    const { records } = this;
    const slot = records.find(from, to, code) ?? records.append(from, to, code);
    records.setWeight(slot, weight);
    const { words } = records.synapseViews;
    words[slot * SYNAPSE_WORDS + 2] = code | ((pinned ? synapseFlags.pinned : 0) << 16);
  }

  /**
   * Adds many synapses of one relation at once to a graph that has none yet.
   *
   * @param from rows `[synapses]`
   * @param to rows `[synapses]`
   * @param weights `[synapses]`, finite
   * @throws GraphError when the graph has synapses, lengths differ, a neuron does not exist or a pair comes twice
   */
  connectAll(from: Uint32Array, to: Uint32Array, weights: Float32Array, relation = "related_to"): void {
    if (this.synapses > 0)
      throw new GraphError("connectAll", `expected a graph without synapses, received ${this.synapses}`);
    if (from.length !== to.length || from.length !== weights.length) {
      const lengths = [from, to, weights].map(({ length }) => length).join(", ");
      throw new GraphError("connectAll", `expected three arrays of one length, received ${lengths}`);
    }
    for (const neurons of [from, to]) this.#checkAll(neurons);
    for (let i = 0; i < weights.length; i++) {
      if (!Number.isFinite(weights[i]!)) checkFinite("connectAll", "weight", weights[i]!);
    }
    this.records.fill(from, to, weights, this.relations.codeOf(relation));
  }

  /** Weight of a synapse, or nothing when there is none. */
  weight(from: number, to: number, relation = "related_to"): number | undefined {
    const slot = this.#find(from, to, relation);
    return slot === undefined ? undefined : this.records.synapseViews.floats[slot * SYNAPSE_WORDS + 3]!;
  }

  /** Takes a synapse out. @returns whether there was one */
  disconnect(from: number, to: number, relation = "related_to"): boolean {
    const slot = this.#find(from, to, relation);
    if (slot === undefined) return false;
    this.records.remove(from, slot);
    return true;
  }

  /** Synapses that leave a neuron, the oldest first. */
  *synapsesOf(from: number): Generator<Synapse> {
    this.check("synapsesOf", from);
    const [start, end] = this.records.block(from);
    for (let slot = start; slot < end; slot++) {
      const { words, floats } = this.records.synapseViews;
      const bits = words[slot * SYNAPSE_WORDS + 2]!;
      yield {
        from,
        to: words[slot * SYNAPSE_WORDS]!,
        relation: this.relations.nameOf(bits & 0xffff),
        weight: floats[slot * SYNAPSE_WORDS + 3]!,
        pinned: ((bits >>> 16) & synapseFlags.pinned) !== 0,
      };
    }
  }

  /** Puts the synapses into the order of their neurons, without gaps, and forgets those that lead to deleted neurons. */
  compact(): void {
    this.records.compact(this.#deleted > 0);
  }

  /** @throws GraphError when no living neuron is in that row @internal */
  check(operation: string, neuron: number): void {
    if (this.has(neuron)) return;
    throw new GraphError(operation, `expected a neuron among ${this.rows} rows, received ${neuron}. Was it removed?`);
  }

  #checkAll(neurons: Uint32Array): void {
    const { rows } = this;
    for (let i = 0; i < neurons.length; i++) {
      if (neurons[i]! >= rows || this.#deleted > 0) this.check("connectAll", neurons[i]!);
    }
  }

  #find(from: number, to: number, relation: string): number | undefined {
    const code = this.relations.find(relation);
    return code === undefined || !this.has(from) ? undefined : this.records.find(from, to, code);
  }

  #isAlive(neuron: number): boolean {
    const bits = this.records.neuronViews.words[neuron * NEURON_WORDS + word.bits]!;
    return (bits & (neuronFlags.deleted << 16)) === 0;
  }

  #identify(neuron: number, id: number): void {
    const { words } = this.records.neuronViews;
    if (this.#rows === undefined && id !== neuron) this.#rows = this.#identities(neuron);
    words[neuron * NEURON_WORDS] = id % 2 ** 32;
    words[neuron * NEURON_WORDS + 1] = Math.floor(id / 2 ** 32);
    this.#rows?.set(id, neuron);
    this.#idsAscend &&= id >= this.#nextId;
    this.#nextId = Math.max(this.#nextId, id + 1);
  }

  #identities(end: number = this.rows): Map<number, number> {
    const rows = new Map<number, number>();
    for (let neuron = 0; neuron < end; neuron++) if (this.#isAlive(neuron)) rows.set(this.idOf(neuron), neuron);
    return rows;
  }

  #readIdentities(): void {
    let inOrder = true;
    for (let neuron = 0; neuron < this.rows; neuron++) {
      const id = this.idOf(neuron);
      inOrder &&= id === neuron;
      this.#idsAscend &&= id >= this.#nextId;
      this.#nextId = Math.max(this.#nextId, id + 1);
      if (!this.#isAlive(neuron)) this.#deleted++;
    }
    if (!inOrder || this.#deleted > 0) this.#rows = this.#identities();
  }
}

/**
 * An empty graph of neurons.
 *
 * A neuron takes 64 bytes and a synapse 16, in tables that double when they are full; see {@link neuronFields} and
 * {@link synapseFields} for what lies where.
 */
export function neuronGraph(): NeuronGraph {
  return new NeuronGraph();
}
