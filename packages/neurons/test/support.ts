import { CodecError } from "@ganglion/int8";
import { FormatError, loadGraph, neuronGraph, saveGraph } from "../src/index.ts";

/** A small graph with a bit of everything. */
export function sample(): Uint8Array {
  const graph = neuronGraph();
  const rows = ["cat", "mammal", "purr", "dog"].map((alias, i) =>
    graph.addNeuron({ alias, content: alias, id: i * i * i, kind: i === 2 ? "audio" : "text" }),
  );
  graph.connect(rows[0]!, rows[1]!, { relation: "is_a" });
  graph.connect(rows[0]!, rows[2]!, { relation: "does", weight: 0.5, pinned: true });
  graph.connect(rows[3]!, rows[1]!, { relation: "is_a", weight: -0.25 });
  return saveGraph(graph);
}

/** What became of damaged files. */
export interface Verdict {
  refused: number;
  accepted: number;
}

/** Loads damaged copies of a file; what is accepted must be a graph that saves and loads again. */
export function campaign(mutants: number, seed: number): { plain: Verdict; resealed: Verdict } {
  const file = sample();
  const draw = generator(seed);
  const verdicts = { plain: { refused: 0, accepted: 0 }, resealed: { refused: 0, accepted: 0 } };
  for (let tried = 0; tried < mutants;) {
    const damaged = file.slice(0, draw(8) === 0 ? draw(file.length) : file.length);
    for (let round = 1 + draw(3); round > 0 && damaged.length > 0; round--) damage(damaged, draw);
    const kind = draw(2) === 0 || damaged.length < 28 ? "plain" : "resealed";
    if (kind === "resealed") seal(damaged);
    if (damaged.length === file.length && damaged.every((byte, at) => byte === file[at])) continue;
    tried++;
    try {
      const graph = loadGraph(damaged);
      loadGraph(saveGraph(graph));
      verdicts[kind].accepted++;
    } catch (error) {
      if (!(error instanceof CodecError || error instanceof FormatError)) throw error;
      verdicts[kind].refused++;
    }
  }
  return verdicts;
}

function damage(bytes: Uint8Array, draw: (below: number) => number): void {
  const at = draw(bytes.length);
  const kind = draw(3);
  if (kind === 0) bytes[at]! ^= 1 << draw(8);
  else if (kind === 1) bytes.fill([0, 1, 127, 128, 255][draw(5)]!, at, at + 1 + draw(4));
  else bytes.copyWithin(at, draw(bytes.length), draw(bytes.length));
}

/** Makes the length and the checksum of the container right again, so that damage reaches the reader of graphs. */
function seal(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer);
  view.setUint32(12, bytes.length, true);
  view.setUint32(16, 0, true);
  view.setUint32(bytes.length - 4, crc32(bytes.subarray(0, -4)), true);
}

function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

/** A small seeded generator (mulberry32): integers in [0, below). */
function generator(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}
