import { pairTable, spreadOperands, spreadRows } from "../../src/index.ts";
import type { PairTable, SpreadOperands } from "../../src/index.ts";
import { bits, fingerprint, sequence } from "./samples.ts";

/** A graph in which row `i` has `degrees[i]` synapses from any rows. */
export function randomSpread(degrees: readonly number[], seed: number, single = false): SpreadOperands {
  const rows = degrees.length;
  const next = sequence(seed);
  const operands = spreadOperands(
    rows,
    degrees.reduce((sum, degree) => sum + degree, 0),
    single,
  );
  for (const [row, degree] of degrees.entries()) operands.starts[row + 1] = operands.starts[row]! + degree;
  for (let i = 0; i < operands.senders.length; i++) {
    operands.senders[i] = Math.floor(rows * (0.5 + next() / 2));
    operands.strengths[i] = next() * 2 ** ((i % 9) - 4);
  }
  for (let row = 0; row < rows; row++) {
    operands.activation[row] = Math.max(0, next());
    operands.thresholds[row] = next();
    operands.decays[row] = Math.abs(next());
  }
  return operands;
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
  const operands = randomSpread(
    Array.from({ length: 30_000 }, (_, i) => i % 23),
    3,
  );
  spreadRows(operands);
  const table = randomPairs(300, 700, 100_000, 4);
  table.take(100_000);
  for (let seed = 0; seed < 3; seed++) table.learn({ gain: 0.05, loss: 0.01, negatives: 3, bound: 1, seed });
  return {
    spreadRows: fingerprint(bits(Float32Array.from(operands.next))),
    learnPairs: fingerprint(bits(Float32Array.from(table.weights))),
  };
}
