import { fc, test } from "@fast-check/vitest";
import { afterEach, describe, expect, vi } from "vitest";
import {
  learnPairsReference,
  pairTable,
  spreadOperands,
  spreadRows,
  spreadRowsReference,
  threads,
} from "../src/index.ts";
import type { SpreadOperands } from "../src/index.ts";
import { Heap } from "../src/sparse/heap.ts";
import { Crew } from "../src/threads/crew.ts";
import { randomPairs, randomSpread, sparseFingerprints } from "./support/sparse.ts";

afterEach(() => {
  threads(1);
});

const degrees = fc.array(fc.oneof(fc.nat(11), fc.constant(0)), { maxLength: 40 });

/** The same operands in ordinary arrays. */
function plain(operands: SpreadOperands): SpreadOperands {
  return {
    ...operands,
    activation: Float32Array.from(operands.activation),
    next: new Float32Array(operands.next.length),
  };
}

describe("spreadRows", () => {
  test.prop([degrees, fc.nat(), fc.boolean()], { numRuns: 5000 })(
    "has the bits of the plain loop",
    (list, seed, single) => {
      const operands = randomSpread(list, seed, single);
      const reference = plain(operands);
      spreadRowsReference(reference);
      spreadRows(operands);
      expect([...operands.next]).toEqual([...reference.next]);
    },
  );

  test("has them for any number of synapses of a neuron, and none", () => {
    const operands = randomSpread(
      Array.from({ length: 70 }, (_, i) => i),
      1,
    );
    const reference = plain(operands);
    spreadRowsReference(reference);
    spreadRows(operands);
    expect([...operands.next]).toEqual([...reference.next]);
    expect(operands.next[0]).toBe(Math.fround(operands.activation[0]! * operands.decays[0]!));
  });

  test.prop([fc.float({ min: -(2 ** 18), max: 2 ** 18, noNaN: true }), fc.float({ min: 0, max: 1, noNaN: true })])(
    "rounds what one synapse carries to a multiple of 2^-32 and bounds it",
    (strength, activation) => {
      const operands = spreadOperands(2, 1);
      operands.starts.set([0, 0, 1]);
      operands.strengths[0] = strength;
      operands.activation[0] = activation;
      spreadRows(operands);
      const exact = Math.fround(activation) * strength;
      const rounded = Math.abs(exact) < 1 ? Math.round(exact * 2 ** 32) / 2 ** 32 : exact;
      expect(Math.abs(operands.next[1]! - Math.min(1, Math.max(0, rounded)))).toBeLessThanOrEqual(2 ** -24);
    },
  );

  test("sends nothing from neurons below their threshold", () => {
    const operands = spreadOperands(3, 2);
    operands.starts.set([0, 0, 0, 2]);
    operands.senders.set([0, 1]);
    operands.strengths.fill(1);
    operands.activation.set([0.5, 0.25]);
    operands.thresholds.set([0.5, 0.2500001]);
    spreadRows(operands);
    expect(operands.next[2]).toBe(0.5);
  });
});

describe("learnPairs", () => {
  const rule = fc.record({
    gain: fc.float({ min: 0, max: 2, noNaN: true }),
    loss: fc.float({ min: 0, max: 2, noNaN: true }),
    negatives: fc.nat(5),
    bound: fc.float({ min: 0, max: 5, noNaN: true }),
    seed: fc.integer(),
  });
  const shape = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 90 }), fc.nat(400));

  test.prop([shape, fc.array(rule, { minLength: 1, maxLength: 3 }), fc.nat()], { numRuns: 1000 })(
    "has the bits of one pair after the other",
    ([contexts, words, pairs], rules, seed) => {
      const table = randomPairs(contexts, words, pairs, seed);
      const reference = { ...table, weights: new Float32Array(contexts * words) };
      const count = Math.floor(pairs * 0.9);
      table.take(count);
      for (const one of rules) {
        table.learn(one);
        learnPairsReference(reference, [contexts, words], count, one);
      }
      expect([...table.weights]).toEqual([...reference.weights]);
    },
  );

  test("raises what comes together, and lowers what does not", () => {
    const table = pairTable({ contexts: 2, words: 50, pairs: 1000 });
    for (let i = 0; i < 1000; i++) table.words[i] = 7;
    table.take(1000);
    table.learn({ gain: 0.004, loss: 0.001, negatives: 3, bound: 5, seed: 1 });
    const row = table.weights.subarray(0, 50);
    expect(row.indexOf(Math.max(...row))).toBe(7);
    expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1000 * (0.004 - 3 * 0.001), 3);
    expect([...table.weights.subarray(50)]).toEqual(Array.from({ length: 50 }, () => 0));
  });
});

describe("threads", () => {
  test.each([2, 4, 8])("change no bit of spreads and pair learning: %i", (count) => {
    const expected = sparseFingerprints();
    expect(threads(count)).toBe(count);
    const perform = vi.spyOn(Crew.prototype, "perform");
    expect(sparseFingerprints()).toEqual(expected);
    expect(perform).toHaveBeenCalledTimes(4);
    perform.mockRestore();
  });

  test("let workers take parts", async () => {
    threads(2);
    const operands = randomSpread(
      Array.from({ length: 60_000 }, () => 20),
      5,
    );
    let own = 0;
    const perform = vi.spyOn(Crew.prototype, "perform");
    for (let i = 0; i < 200; i++) {
      spreadRows(operands);
      await new Promise((resolve) => void setTimeout(resolve, 1));
      const crew = perform.mock.contexts[0] as Crew;
      own = crew.ownParts;
      if (own < 16) break;
    }
    perform.mockRestore();
    expect(own).toBeLessThan(16);
  });
});

describe("a heap", () => {
  test.prop([fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 5000 }), fc.nat()), { maxLength: 60 })])(
    "gives out stretches that never overlap, and is as before when all are back",
    (steps) => {
      const heap = new Heap(4096, (bytes) => bytes <= 100_000);
      const held: { start: number; bytes: number }[] = [];
      for (const [takes, bytes, which] of steps) {
        if (takes || held.length === 0) {
          const start = heap.take(bytes);
          if (start === undefined) continue;
          expect(start % 64).toBe(0);
          for (const other of held) {
            expect(start >= other.start + other.bytes || other.start >= start + bytes).toBe(true);
          }
          held.push({ start, bytes });
        } else {
          const [back] = held.splice(which % held.length, 1);
          heap.giveBack(back!.start, back!.bytes);
        }
      }
      for (const { start, bytes } of held) heap.giveBack(start, bytes);
      expect(heap.take(95_000)).toBe(4096);
    },
  );

  test("has an end", () => {
    const heap = new Heap(0, (bytes) => bytes <= 128);
    expect([heap.take(100), heap.take(1)]).toEqual([0, undefined]);
  });
});
