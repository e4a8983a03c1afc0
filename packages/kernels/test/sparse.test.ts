import { fc, test } from "@fast-check/vitest";
import { afterEach, describe, expect, vi } from "vitest";
import {
  learnPairsReference,
  orderReference,
  pairTable,
  pushReference,
  pushTable,
  spreadReference,
  spreadTable,
  threads,
} from "../src/index.ts";
import type { SentSynapses, SpreadSynapses } from "../src/index.ts";
import { Heap } from "../src/sparse/heap.ts";
import { Crew } from "../src/threads/crew.ts";
import { trials } from "./support/trials.ts";
import { randomActivation, randomPairs, randomSynapses, sparseFingerprints } from "./support/sparse.ts";

afterEach(() => {
  threads(1);
});

const degrees = fc.array(fc.oneof(fc.nat(11), fc.constant(0), fc.constantFrom(126, 127, 128, 129, 300)), {
  maxLength: 40,
});

/** Next activation by a table and by the plain loop. */
function both(synapses: SpreadSynapses, activation: Float32Array, table = spreadTable(activation.length)) {
  const next = new Float32Array(activation.length);
  spreadReference(synapses, { activation, next });
  table.take(synapses);
  table.activation.set(activation);
  table.step();
  return { expected: [...next], found: [...table.next] };
}

describe("a table of synapses", () => {
  test.prop([degrees, fc.nat(), fc.boolean()], trials(2000))(
    "steps with the bits of the plain loop",
    (list, seed, single) => {
      const { expected, found } = both(randomSynapses(list, seed, single), randomActivation(list.length, seed));
      expect(found).toEqual(expected);
    },
  );

  test("has them for any number of synapses of a neuron, in more than one window of rows", () => {
    const list = Array.from({ length: 2500 }, (_, i) => (i * 7) % 140);
    const { expected, found } = both(randomSynapses(list, 1), randomActivation(list.length, 1));
    expect(found).toEqual(expected);
    expect(new Set(found).size).toBeGreaterThan(500);
  });

  test("takes other synapses up in their place, more and fewer", () => {
    const table = spreadTable(50);
    for (const [seed, single] of [
      [20, true],
      [90, false],
      [30, true],
      [0, true],
    ] as const) {
      const list = Array.from({ length: 50 }, (_, i) => (i * seed) % 97);
      const { expected, found } = both(randomSynapses(list, seed + 1, single), randomActivation(50, seed), table);
      expect(found).toEqual(expected);
    }
  });

  test("keeps synapses as they were when it took them up", () => {
    const synapses = randomSynapses([3, 1, 4, 1, 5], 1);
    const table = spreadTable(5);
    table.activation.fill(0.5);
    table.take(synapses);
    table.step();
    const before = [...table.next];
    synapses.strengths.fill(0);
    synapses.decays.fill(0);
    table.step();
    expect([...table.next]).toEqual(before);
  });

  test.prop([fc.float({ min: -(2 ** 18), max: 2 ** 18, noNaN: true }), fc.float({ min: 0, max: 1, noNaN: true })])(
    "rounds what one synapse carries to a multiple of 2^-32 and bounds it",
    (strength, activation) => {
      const synapses = chain([strength], [0, 0]);
      const { found } = both(synapses, Float32Array.of(activation, 0));
      const exact = Math.fround(activation) * strength;
      const rounded = Math.abs(exact) < 1 ? Math.round(exact * 2 ** 32) / 2 ** 32 : exact;
      expect(Math.abs(found[1]! - Math.min(1, Math.max(0, rounded)))).toBeLessThanOrEqual(2 ** -24);
    },
  );

  test("sends nothing from neurons below their threshold", () => {
    const { found } = both(chain([1, 1], [0.5, 0.2500001, 0]), Float32Array.of(0.5, 0.25, 0));
    expect(found).toEqual([0, 0, 0.5]);
  });
});

/** The last neuron gets something from each of those before it; nobody keeps anything. */
function chain(strengths: readonly number[], thresholds: readonly number[]): SpreadSynapses {
  const rows = thresholds.length;
  return {
    starts: Uint32Array.from({ length: rows + 1 }, (_, row) => (row < rows ? 0 : rows - 1)),
    senders: Uint32Array.from(strengths.keys()),
    strengths: Float64Array.from(strengths),
    thresholds: Float32Array.from(thresholds),
    decays: new Float32Array(rows),
  };
}

describe("a push from active neurons", () => {
  test.prop([degrees, fc.nat(), fc.boolean()], trials(1000))(
    "has the bits of its plain loop, and of a step that looks at every synapse",
    (list, seed, single) => {
      const rows = list.length;
      const { starts, senders: targets, ...rest } = randomSynapses(list, seed, single);
      const sent: SentSynapses = { starts, targets, ...rest };
      const table = pushTable(rows);
      table.take(sent);
      for (const round of [seed, seed + 1]) {
        const activation = randomActivation(rows, round);
        const lit = Uint32Array.from(activation.keys()).filter((row) => activation[row]! > 0);
        const plain = { neurons: new Uint32Array(rows), activations: new Float32Array(rows) };
        for (const { neurons, activations } of [table, plain]) {
          neurons.set(lit);
          activations.set(lit.length === 0 ? [] : Float32Array.from(lit, (row) => activation[row]!));
        }
        const [count, plainly] = [table.step(lit.length), pushReference(sent, plain, lit.length)];
        expect([...table.neurons.subarray(0, count)]).toEqual([...plain.neurons.subarray(0, plainly)]);
        expect([...table.activations.subarray(0, count)]).toEqual([...plain.activations.subarray(0, plainly)]);
        const next = new Float32Array(rows);
        spreadReference(transposed(sent), { activation, next });
        const everywhere = new Float32Array(rows);
        for (let i = 0; i < count; i++) everywhere[table.neurons[i]!] = table.activations[i]!;
        expect([...everywhere]).toEqual([...next]);
      }
    },
  );

  const strengths = fc.array(
    fc.oneof(fc.float({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.5, 1, 2 ** -149)),
    { maxLength: 300 },
  );

  test.prop([strengths], trials(1000))("puts the strongest first as comparisons do, any number of times", (list) => {
    const table = pushTable(list.length);
    const plain = { neurons: new Uint32Array(list.length), activations: new Float32Array(list.length) };
    for (const values of [list, list.toReversed()]) {
      for (const { neurons, activations } of [table, plain]) {
        neurons.set([...list.keys()]);
        activations.set(values);
      }
      const count = Math.ceil(list.length * 0.9);
      table.order(count);
      orderReference(plain, count);
      expect([...table.neurons]).toEqual([...plain.neurons]);
      expect([...table.activations]).toEqual([...plain.activations]);
    }
  });

  test("takes other synapses up in their place, more and fewer", () => {
    const table = pushTable(30);
    for (const seed of [5, 40, 11, 0]) {
      const {
        starts,
        senders: targets,
        ...rest
      } = randomSynapses(
        Array.from({ length: 30 }, (_, i) => (i * seed) % 47),
        seed + 1,
        seed % 2 === 0,
      );
      const sent = { starts, targets, ...rest };
      const plain = { neurons: new Uint32Array(30), activations: new Float32Array(30) };
      table.take(sent);
      for (const { neurons, activations } of [table, plain]) {
        neurons.set([3, 17, 29]);
        activations.set([0.5, 1, 0.25]);
      }
      const count = table.step(3);
      expect(pushReference(sent, plain, 3)).toBe(count);
      expect([...table.neurons.subarray(0, count)]).toEqual([...plain.neurons.subarray(0, count)]);
      expect([...table.activations.subarray(0, count)]).toEqual([...plain.activations.subarray(0, count)]);
    }
  });
});

/** The same synapses by the neurons that they lead to. */
function transposed({ starts, targets, strengths, thresholds, decays }: SentSynapses): SpreadSynapses {
  const order = [...targets.keys()].toSorted((a, b) => targets[a]! - targets[b]! || a - b);
  const sender = (slot: number): number => starts.findIndex((_, row) => slot < starts[row + 1]!);
  return {
    starts: starts.map((_, row) => targets.reduce((count, target) => count + (target < row ? 1 : 0), 0)),
    senders: Uint32Array.from(order, sender),
    strengths: Float64Array.from(order, (slot) => strengths[slot]!),
    thresholds,
    decays,
  };
}

describe("learnPairs", () => {
  const rule = fc.record({
    gain: fc.float({ min: 0, max: 2, noNaN: true }),
    loss: fc.float({ min: 0, max: 2, noNaN: true }),
    negatives: fc.oneof(fc.nat(7), fc.constantFrom(63, 64)),
    bound: fc.float({ min: 0, max: 5, noNaN: true }),
    seed: fc.integer(),
  });
  const shape = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 90 }), fc.nat(1500));

  test.prop([shape, fc.array(rule, { minLength: 1, maxLength: 3 }), fc.nat()], trials(500))(
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
    const table = spreadTable(60_000);
    table.take(
      randomSynapses(
        Array.from({ length: 60_000 }, () => 20),
        5,
      ),
    );
    let own = 0;
    const perform = vi.spyOn(Crew.prototype, "perform");
    for (let i = 0; i < 200; i++) {
      table.step();
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
