import { pairTable, spreadTable } from "../../src/index.ts";
import type { PairTable, SpreadSynapses } from "../../src/index.ts";
import { bits, fingerprint, sequence } from "./samples.ts";

/** A graph in which row `i` has `degrees[i]` synapses from any rows. */
export function randomSynapses(degrees: readonly number[], seed: number, single = false): SpreadSynapses {
  const rows = degrees.length;
  const next = sequence(seed);
  const starts = new Uint32Array(rows + 1);
  for (const [row, degree] of degrees.entries()) starts[row + 1] = starts[row]! + degree;
  const senders = new Uint32Array(starts[rows]!).map(() => Math.floor(rows * (0.5 + next() / 2)));
  const strengths = new (single ? Float32Array : Float64Array)(senders.length);
  for (let i = 0; i < strengths.length; i++) strengths[i] = next() * 2 ** ((i % 9) - 9);
  return {
    starts,
    senders,
    strengths,
    thresholds: new Float32Array(rows).map(() => (seed % 3 === 0 ? 0 : next())),
    decays: new Float32Array(rows).map((_, row) => (row % 4 === 0 ? 0 : Math.abs(next()))),
  };
}

/** About half of some rows, lit. */
export function randomActivation(rows: number, seed: number): Float32Array {
  const next = sequence(seed);
  return new Float32Array(rows).map(() => Math.max(0, next()));
}

/** A table with pairs of words that come unevenly often. */
export function randomPairs(contexts: number, words: number, pairs: number, seed: number): PairTable {
  const table = pairTable({ contexts, words, pairs });
  const next = sequence(seed);
  for (let i = 0; i < pairs; i++) {
    table.contexts[i] = Math.floor(contexts * next() ** 2);
    table.words[i] = Math.floor(words * next() ** 2);
  }
  return table;
}

/** Hashes of what the sparse kernels compute from fixed inputs. */
export function sparseFingerprints(): Record<string, string> {
  const rows = 30_000;
  const spread = spreadTable(rows);
  spread.take(
    randomSynapses(
      Array.from({ length: rows }, (_, i) => (i % 1000 === 0 ? 300 : i % 23)),
      4,
    ),
  );
  spread.activation.set(randomActivation(rows, 3));
  spread.step();
  const table = randomPairs(300, 700, 100_000, 4);
  table.take(100_000);
  for (let seed = 0; seed < 3; seed++) table.learn({ gain: 0.05, loss: 0.01, negatives: 3, bound: 1, seed });
  return {
    spread: fingerprint(bits(Float32Array.from(spread.next))),
    learnPairs: fingerprint(bits(Float32Array.from(table.weights))),
  };
}
