import { decode } from "@ganglion/int8";
import type { Decoded } from "@ganglion/int8";
import { FormatError } from "../errors.ts";
import { NeuronGraph } from "./graph.ts";
import { Heap } from "./heap.ts";
import { NEURON_BYTES, NEURON_WORDS, SYNAPSE_BYTES, SYNAPSE_WORDS, neuronKinds, word } from "./layout.ts";
import { Records } from "./records.ts";
import { Relations } from "./relations.ts";
import { GRAPH_VERSION } from "./save.ts";
import { Table } from "./table.ts";

/**
 * Reads what {@link saveGraph} wrote. Everything in the file is checked before it is used.
 *
 * @throws CodecError when the container is damaged
 * @throws FormatError when it is sound, yet holds no graph of this version, or one with records that cannot be
 */
export function loadGraph(file: Uint8Array): NeuronGraph {
  const decoded = decode(file);
  const { metadata } = decoded;
  if (metadata["format"] !== "neuron graph") throw refuse("format", "a neuron graph", quote(metadata["format"]));
  if (metadata["version"] !== `${GRAPH_VERSION}`) {
    throw refuse("version", `version ${GRAPH_VERSION} of a neuron graph`, quote(metadata["version"]));
  }
  const clock = Number(metadata["clock"]);
  if (!Number.isSafeInteger(clock) || clock < 0) throw refuse("clock", "a whole number", quote(metadata["clock"]));
  const neurons = Table.of(NEURON_BYTES, entry(decoded, "neurons", NEURON_BYTES));
  const synapses = Table.of(SYNAPSE_BYTES, entry(decoded, "synapses", SYNAPSE_BYTES));
  const heap = Heap.of(entry(decoded, "contents", 1));
  const relations = new Relations(pairs(decoded, "relations"));
  if (heap.bytes.length < 8) throw refuse("contents", "at least 8 bytes of contents", `${heap.bytes.length}`);
  checkNeurons(neurons, synapses.length, heap);
  checkSynapses(synapses, neurons.length, relations.size);
  const graph = new NeuronGraph(new Records(neurons, synapses), relations);
  graph.heap = heap;
  graph.clock = clock;
  const names = pairs(decoded, "aliases");
  for (const [name, neuron] of names) {
    if (!graph.has(neuron)) throw refuse("aliases", `${quote(name)} to name a neuron`, `row ${neuron}`);
    graph.aliases.set(name, neuron);
  }
  if (graph.aliases.size !== names.length) throw refuse("aliases", "names that differ in lower case", "twins");
  return graph;
}

function entry({ entries }: Decoded, name: string, width: number): Uint8Array<ArrayBuffer> {
  const found = entries.find((candidate) => candidate.name === name);
  if (found?.kind === "raw" && found.dtype === "uint8" && found.shape.length === 2 && found.shape[1] === width) {
    return found.data as Uint8Array<ArrayBuffer>;
  }
  throw refuse(
    name,
    `bytes [n, ${width}] called ${name}`,
    found === undefined ? "none" : `[${found.shape.join(", ")}]`,
  );
}

/** A list of names and numbers, each name once. */
function pairs(decoded: Decoded, name: string): [string, number][] {
  const bytes = entry(decoded, name, 1);
  let list: unknown;
  try {
    list = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw refuse(name, "names and numbers as JSON", "other bytes");
  }
  const sound =
    Array.isArray(list) &&
    list.every(
      (pair) => Array.isArray(pair) && pair.length === 2 && typeof pair[0] === "string" && Number.isFinite(pair[1]),
    );
  if (!sound) throw refuse(name, "names and numbers as JSON", "something else");
  const found = list as [string, number][];
  if (new Set(found.map(([key]) => key)).size !== found.length) throw refuse(name, "every name once", "twins");
  if (name === "relations" && found.length > 65_536) throw refuse(name, "at most 65536 relations", `${found.length}`);
  return found;
}

/** Blocks follow each other without gaps, as a compacted graph has them. */
function checkNeurons({ views: { words, floats }, length }: Table, synapses: number, heap: Heap): void {
  const ids = new Set<number>();
  let next = 0;
  for (let neuron = 0; neuron < length; neuron++) {
    const at = neuron * NEURON_WORDS;
    const fail = (expected: string, received: number): FormatError =>
      refuse("neurons", `neuron ${neuron} with ${expected}`, `${received}`);
    const id = words[at]! + words[at + 1]! * 2 ** 32;
    if (!Number.isSafeInteger(id) || ids.has(id)) throw fail("an id of its own below 2^53", id);
    ids.add(id);
    const bits = words[at + word.bits]!;
    if ((bits & 255) >= neuronKinds.length) throw fail(`a kind below ${neuronKinds.length}`, bits & 255);
    if (bits >>> 20 !== 0) throw fail("no unknown flags", bits >>> 16);
    const activation = floats[at + word.activation]!;
    if (!(activation >= 0 && activation <= 1)) throw fail("an activation in [0, 1]", activation);
    const threshold = floats[at + word.threshold]!;
    if (!Number.isFinite(threshold)) throw fail("a finite threshold", threshold);
    const decay = floats[at + word.decay]!;
    if (!(decay >= 0 && decay <= 1)) throw fail("a decay in [0, 1]", decay);
    if (words[at + word.lastFired + 1]! >= 2 ** 21)
      throw fail("a firing time below 2^53", words[at + word.lastFired + 1]!);
    const start = words[at + word.synapseOffset]! + words[at + word.synapseOffset + 1]! * 2 ** 32;
    if (start !== next) throw fail(`synapses from ${next} on`, start);
    next += words[at + word.fanOut]!;
    if (next > synapses) throw fail(`at most ${synapses} synapses in all`, next);
    const content = words[at + word.contentOffset]! + words[at + word.contentOffset + 1]! * 2 ** 32;
    if (content !== 0 && !heap.has(content)) throw fail("a content within the file", content);
    const spare = words[at + word.reserved]! + words[at + word.reserved + 1]!;
    if (spare !== 0) throw fail("zeros in its reserved bytes", spare);
  }
  if (next !== synapses) throw refuse("synapses", `${next} synapses, as the neurons say`, `${synapses}`);
}

function checkSynapses({ views: { words, floats }, length }: Table, neurons: number, relations: number): void {
  for (let slot = 0; slot < length; slot++) {
    const at = slot * SYNAPSE_WORDS;
    const fail = (expected: string, received: number): FormatError =>
      refuse("synapses", `synapse ${slot} with ${expected}`, `${received}`);
    if (words[at + 1] !== 0 || words[at]! >= neurons) throw fail(`a target below ${neurons}`, words[at]!);
    if ((words[at + 2]! & 0xffff) >= relations) throw fail(`a relation below ${relations}`, words[at + 2]! & 0xffff);
    if (words[at + 2]! >>> 17 !== 0) throw fail("no unknown flags", words[at + 2]! >>> 16);
    if (!Number.isFinite(floats[at + 3]!)) throw fail("a finite weight", floats[at + 3]!);
  }
}

function quote(value: string | undefined): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}

function refuse(part: string, expected: string, received: string): FormatError {
  const repair = "The file was not written by saveGraph: ask its author for a new one.";
  return new FormatError("loadGraph", part, `expected ${expected}, received ${received}. ${repair}`);
}
