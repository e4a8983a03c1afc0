import { fc, test } from "@fast-check/vitest";
import { learnPairsReference } from "@ganglion/kernels";
import { describe, expect } from "vitest";
import { Trace, neuronGraph, pairs, spread, strongest } from "../src/index.ts";
import type { NeuronGraph } from "../src/index.ts";
import { letters } from "./helpers.ts";

const rule = { gain: 0.05, loss: 0.02, negatives: 3, bound: 1, seed: 3 };

/** Contexts 0 to 4 and words 5 to 11. */
function small(): NeuronGraph {
  const graph = neuronGraph();
  graph.addNeurons(12);
  return graph;
}

const contexts = [0, 1, 2, 3, 4];
const words = [5, 6, 7, 8, 9, 10, 11];

describe("pairs", () => {
  const lesson = fc.array(fc.tuple(fc.nat(4), fc.nat(6)), { maxLength: 60 });
  const weight = fc.float({ min: -1, max: 1, noNaN: true });
  const synapses = fc.array(
    fc.record({ from: fc.nat(4), to: fc.integer({ min: 5, max: 11 }), weight, pinned: fc.boolean() }),
  );

  test.prop([synapses, lesson, fc.nat()])(
    "puts into synapses what the plain rule learns, pinned ones excepted",
    (list, met, seed) => {
      const graph = small();
      for (const { from, to, ...rest } of list) graph.connect(from, to, { relation: "co_occurs", ...rest });
      const pinned = new Map(list.map(({ from, to, pinned: fixed }) => [`${from} ${to}`, fixed]));
      const before = new Map(list.map(({ from, to }) => [`${from} ${to}`, graph.weight(from, to, "co_occurs")!]));
      const table = pairs(graph, contexts, words, { most: 60 });
      const [left, right] = [met.map(([context]) => context), met.map(([, word]) => word)];
      const plain = {
        weights: table.weights.slice(),
        contexts: Uint16Array.from(left),
        words: Uint16Array.from(right),
      };
      table.take(left, right);
      table.learn({ ...rule, seed });
      learnPairsReference(plain, [5, 7], met.length, { ...rule, seed });
      table.store();
      for (const [row, from] of contexts.entries()) {
        for (const [column, to] of words.entries()) {
          const key = `${from} ${to}`;
          const learned = plain.weights[row * 7 + column]!;
          const expected = pinned.get(key) === true ? before.get(key)! : learned;
          expect(graph.weight(from, to, "co_occurs") ?? 0).toBe(expected);
          expect(table.weights[row * 7 + column]).toBe(expected);
        }
      }
      expect(table.store()).toEqual({ changed: 0, grown: 0 });
    },
  );

  test("teach a graph what follows what", () => {
    const graph = small();
    const table = pairs(graph, contexts, words);
    const left = Array.from({ length: 500 }, (_, i) => i % 5);
    table.take(
      left,
      left.map((context) => (3 * context + 1) % 7),
    );
    for (let seed = 0; seed < 4; seed++) table.learn({ ...rule, seed });
    const trace = new Trace();
    const { grown } = table.store({ least: 0.5, trace });
    expect(trace.filter("learn")[0]).toMatchObject({ rule: "pairs", changed: 0, grown });
    for (const context of contexts) {
      const outcome = spread(graph, [[context, 1]], { steps: 1 });
      expect(strongest(outcome, (neuron) => neuron >= 5)).toBe(words[(3 * context + 1) % 7]);
    }
  });

  test.each([
    [
      "a neuron named twice",
      () => pairs(small(), [0, 0], words),
      "pairs: expected at most 65536 neurons, each once, received 2",
    ],
    [
      "a place that is not there",
      () => pairs(small(), contexts, words).take([0], [7]),
      "pairs: expected the place of a word below 7, received 7",
    ],
    [
      "lists of two lengths",
      () => pairs(small(), contexts, words).take([0], []),
      "pairs: expected as many contexts as words, at most 65536, received 1 contexts and 0 words",
    ],
    [
      "a gain below 0",
      () => pairs(letters("ab"), [0], [1]).learn({ ...rule, gain: -1 }),
      "pairs: expected gain to be in [0, Infinity], received -1",
    ],
  ])("refuse %s", (_, act, message) => {
    expect(act).toThrow(expect.objectContaining({ message }));
  });
});
