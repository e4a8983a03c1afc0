import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import {
  WorkingMemory,
  activationOf,
  dense,
  mergeSums,
  neuronGraph,
  partialSums,
  pull,
  renumber,
  simd,
  spread,
} from "../src/index.ts";
import type { Spread } from "../src/index.ts";
import { threads } from "@ganglion/kernels";
import { build, byName, letters, plans } from "./helpers.ts";

const all = { sparsity: 1, epsilon: 0 };

describe("spread", () => {
  test("keeps what decays and carries weight times relation", () => {
    const graph = letters("abc");
    graph.connect(0, 1, { relation: "is_a", weight: 0.5 });
    graph.connect(0, 2, { relation: "carries", weight: 0.25 });
    const { activations, neurons } = spread(graph, [[0, 1]], { ...all, steps: 1 });
    expect(byName(graph, { neurons, activations })).toEqual({ a: 0.5, b: Math.fround(0.35), c: 0.25 });
  });

  test("sends nothing from below a threshold", () => {
    const graph = letters("ab");
    graph.connect(0, 1, { relation: "carries" });
    expect(activationOf(spread(graph, [[0, 0.09]], { steps: 1 }), 1)).toBe(0);
    expect(activationOf(spread(graph, [[0, 0.11]], { steps: 1 }), 1)).toBe(Math.fround(0.11));
  });

  test("lets antonyms and negative weights inhibit", () => {
    const graph = letters("abc");
    graph.connect(0, 2, { relation: "carries" });
    graph.connect(1, 2, { relation: "antonym" });
    expect(
      activationOf(
        spread(
          graph,
          [
            [0, 1],
            [1, 1],
          ],
          { steps: 1 },
        ),
        2,
      ),
    ).toBe(0.5);
  });

  test("holds goals at their strength, whatever reaches them", () => {
    const graph = letters("ab");
    graph.connect(0, 1, { relation: "carries" });
    const outcome = spread(graph, [[0, 1]], { goals: [[1, 0.3]], steps: 4 });
    expect(outcome.frames.map((frame) => activationOf(frame, 1))).toEqual(
      Array.from({ length: 5 }, () => Math.fround(0.3)),
    );
  });

  test("silences a goal of 0", () => {
    const graph = letters("abc");
    graph.connect(0, 1, { relation: "carries" });
    graph.connect(1, 2, { relation: "carries" });
    const { neurons } = spread(
      graph,
      [
        [0, 1],
        [1, 1],
      ],
      { goals: [[1, 0]], steps: 3 },
    );
    expect([...neurons]).toEqual([0]);
  });

  test("keeps the strongest 16 of a small graph, equals by identity, and goals besides", () => {
    const graph = neuronGraph();
    graph.relations.set("carries", 1);
    graph.addNeurons(41);
    for (let to = 1; to <= 40; to++) graph.connect(0, to, { relation: "carries", weight: to % 2 === 0 ? 0.9 : 0.5 });
    const { neurons } = spread(graph, [[0, 1]], { steps: 1, goals: [[39, 0.01]] });
    expect([...neurons]).toEqual([...Array.from({ length: 16 }, (_, i) => 2 * i + 2), 39]);
  });

  test("keeps the strongest of each group", () => {
    const graph = letters("sabcd");
    for (const [to, weight] of [
      [1, 0.5],
      [2, 0.6],
      [3, 0.4],
      [4, 0.3],
    ] as const)
      graph.connect(0, to, { relation: "carries", weight });
    const groups = Int32Array.of(-1, 0, 0, 1, 1);
    expect([...spread(graph, [[0, 1]], { steps: 1, groups }).neurons]).toEqual([2, 0, 3]);
    expect([...spread(graph, [[0, 1]], { steps: 1, groups, groupTopK: 2 }).neurons]).toEqual([2, 0, 1, 3, 4]);
  });

  test("stops when a step changes less than epsilon, compared with the step before", () => {
    const graph = letters("ab");
    graph.connect(0, 1, { relation: "carries" });
    graph.connect(1, 0, { relation: "carries" });
    // two neurons that swap their activation come back every second step, and never settle
    for (const neuron of [0, 1]) graph.records.neuronViews.floats[neuron * 16 + 5] = 0;
    expect(spread(graph, [[0, 1]])).toMatchObject({ steps: 8, settled: false });
    const held = letters("a");
    held.records.neuronViews.floats[5] = 1;
    expect(spread(held, [[0, 1]])).toMatchObject({ steps: 1, settled: true });
  });

  test("writes activation, last firing and count of firings into the records", () => {
    const graph = letters("ab");
    graph.connect(0, 1, { relation: "carries", weight: 0.5 });
    spread(graph, [[1, 1]], { steps: 1 });
    spread(graph, [[0, 1]], { steps: 2, epsilon: 0 });
    expect(graph.neuron(0)).toMatchObject({ activation: 0.25, lastFired: 2, fireCount: 1 });
    expect(graph.neuron(1)).toMatchObject({ activation: 0.5, lastFired: 2, fireCount: 2 });
  });

  test("reaches nothing through a removed neuron", () => {
    const graph = letters("abc");
    graph.connect(0, 1, { relation: "carries" });
    graph.connect(1, 2, { relation: "carries" });
    graph.removeNeuron(1);
    expect([...spread(graph, [[0, 1]]).neurons]).toEqual([0]);
  });

  test.prop([plans(), fc.integer({ min: 0, max: 6 })])("stays within [0, 1] and orders by strength", (plan, steps) => {
    const { frames, activations } = spread(build(plan), plan.seeds, { ...all, steps });
    for (const frame of frames) expect(frame.activations.every((value) => value > 0 && value <= 1)).toBe(true);
    expect(activations.every((value, i) => i === 0 || value <= activations[i - 1]!)).toBe(true);
  });

  test.prop([plans(40), fc.integer({ min: 1, max: 6 }), fc.gen()])(
    "permutes activation, bit for bit, when neurons are renumbered",
    (plan, steps, gen) => {
      const graph = build(plan);
      const order = gen(fc.shuffledSubarray, [...plan.neurons.keys()], { minLength: plan.neurons.length });
      const other = renumber(graph, order);
      const seeds = plan.seeds.map(([neuron, value]) => [order.indexOf(neuron), value] as const);
      const [before, after] = [spread(graph, plan.seeds, { steps }), spread(other, seeds, { steps })];
      expect(after.steps).toBe(before.steps);
      expect(after.activations).toEqual(before.activations);
      expect(Array.from(after.neurons, (neuron) => other.idOf(neuron))).toEqual(
        Array.from(before.neurons, (neuron) => graph.idOf(neuron)),
      );
    },
  );

  test.prop([plans(), fc.nat(), fc.integer({ min: 1, max: 5 })])(
    "changes only what a removed synapse reached",
    (plan, which, steps) => {
      fc.pre(plan.synapses.length > 0);
      const removed = plan.synapses[which % plan.synapses.length]!;
      const graph = build(plan);
      const before = spread(graph, plan.seeds, { ...all, steps }).frames;
      graph.disconnect(removed.from, removed.to, removed.relation);
      const after = spread(graph, plan.seeds, { ...all, steps }).frames;
      const reached = new Set<number>();
      for (let step = 1; step <= steps; step++) {
        if (activationOf(before[step - 1]!, removed.from) > 0 || reached.has(removed.from)) reached.add(removed.to);
        for (const { from, to } of plan.synapses) if (reached.has(from) && step > 1) reached.add(to);
        for (const neuron of plan.neurons.keys()) {
          if (reached.has(neuron)) continue;
          expect(activationOf(after[step]!, neuron)).toBe(activationOf(before[step]!, neuron));
        }
      }
    },
  );

  test.each<[string, () => unknown, string]>([
    [
      "a missing seed",
      () => spread(letters("a"), [[4, 1]]),
      "spread: expected a neuron among 1 rows, received 4. Was it removed?",
    ],
    [
      "a seed above 1",
      () => spread(letters("a"), [[0, 2]]),
      "spread: expected the activation of neuron 0 to be in [0, 1], received 2",
    ],
    [
      "half a step",
      () => spread(letters("a"), [], { steps: 0.5 }),
      "spread: expected steps to be a whole number of at least 0, received 0.5",
    ],
    [
      "no sparsity",
      () => spread(letters("a"), [], { sparsity: 0 }),
      "spread: expected sparsity to be in [5e-324, 1], received 0",
    ],
  ])("refuses %s", (_, act, message) => {
    expect(act).toThrow(expect.objectContaining({ message }));
  });
});

describe.each([
  ["pull", pull],
  ["simd", simd],
])("%s", (_, lay) => {
  test.prop([plans(40), fc.gen()])("steps as spread does, bit for bit", (plan, gen) => {
    const graph = build(plan);
    const lit = plan.neurons.map(() => gen(fc.float, { min: 0, max: 1, noNaN: true }));
    lay(graph).verify(Float32Array.from(lit));
  });

  test("notices that a synapse is gone", () => {
    const graph = letters("ab");
    graph.connect(0, 1, { relation: "carries", weight: 0.5 });
    const layout = lay(graph);
    graph.disconnect(0, 1, "carries");
    expect(() => layout.verify(Float32Array.of(1, 0))).toThrow(
      "verify: expected 0 at b, as spread has it, received 0.5. Rebuild the layout?",
    );
  });
});

describe.each(["targets", "senders"] as const)("a spread by %s", (other) => {
  const settings = fc.record({
    steps: fc.integer({ min: 0, max: 5 }),
    sparsity: fc.constantFrom(0.1, 0.5, 1),
    epsilon: fc.constantFrom(0, 1e-3),
    goals: fc.array(fc.tuple(fc.constant(0), fc.constantFrom(0, 0.25, 1)), { maxLength: 1 }),
  });

  test.prop([plans(60), settings, fc.array(fc.nat(59), { maxLength: 5 })])(
    "is the one by rows, bit for bit, also after changes",
    (plan, config, removed) => {
      const [rows, targets] = [build(plan), build(plan)];
      const same = (): void => {
        const seeds = plan.seeds.filter(([neuron]) => rows.has(neuron));
        const goals = config.goals.filter(([neuron]) => rows.has(neuron));
        const [one, two] = [rows, targets].map((graph, i) =>
          spread(graph, seeds, { ...config, goals, layout: i === 0 ? "rows" : other }),
        );
        expect(outcomeOf(two!)).toEqual(outcomeOf(one!));
        expect(targets.records.neuronViews.words).toEqual(rows.records.neuronViews.words);
      };
      same();
      for (const graph of [rows, targets]) {
        for (const { from, to, relation } of plan.synapses.slice(0, 3))
          graph.connect(from, to, { relation, weight: 0.3 });
        graph.relations.set("is_a", 0.9);
      }
      same();
      for (const neuron of removed) {
        if (!rows.has(neuron) || rows.neurons === 1) continue;
        for (const graph of [rows, targets]) graph.removeNeuron(neuron);
        same();
      }
    },
  );

  test("takes over where much is active and the graph rests, and gives way when it learns", () => {
    const graph = neuronGraph();
    graph.addNeurons(1000);
    for (let i = 0; i < 20_000; i++) graph.connect(i % 1000, (i * 17 + (i >> 4)) % 1000, { weight: (i % 7) / 50 });
    const lit = Array.from({ length: 1000 }, (_, i) => [i, (i % 10) / 10] as const);
    const step = (layout: "auto" | "rows"): unknown =>
      outcomeOf(spread(graph, lit, { steps: 6, sparsity: 1, epsilon: 0, layout }));
    const expected = step("rows");
    for (let round = 0; round < 3; round++) expect(step("auto")).toEqual(expected);
    graph.connect(3, 5, { weight: 2 });
    const changed = step("rows");
    expect(changed).not.toEqual(expected);
    for (let round = 0; round < 3; round++) expect(step("auto")).toEqual(changed);
  });

  test.each([2 ** 17, 2 ** 18, -(2 ** 19), 1e30])("is the one by rows for weights as large as %f", (weight) => {
    const graph = letters("abcd");
    for (const from of [0, 1])
      graph.connect(from, 2, { relation: "carries", weight: from === 0 ? weight : -weight / 3 });
    graph.connect(2, 3, { relation: "carries", weight: 0.5 });
    const outcome = (layout: "rows" | typeof other): unknown =>
      outcomeOf(
        spread(
          graph,
          [
            [0, 1],
            [1, 0.9],
          ],
          { ...all, steps: 3, layout },
        ),
      );
    expect(outcome(other)).toEqual(outcome("rows"));
    simd(graph).verify(Float32Array.of(0.7, 1, 0.2, 0));
  });

  test("has the same bits on any number of threads", () => {
    const graph = neuronGraph();
    graph.addNeurons(20_000, { threshold: 0.01 });
    const from = Uint32Array.from({ length: 300_000 }, (_, i) => i % 20_000);
    const to = from.map((row, i) => (row * 31 + Math.floor(i / 20_000) * 1237 + 1) % 20_000);
    graph.connectAll(
      from,
      to,
      Float32Array.from(from, (row, i) => ((row + i) % 9) / 20 - 0.1),
      "is_a",
    );
    const seeds = Array.from({ length: 5000 }, (_, i) => [i * 4, ((i % 50) + 1) / 50] as const);
    const outcome = (layout: "rows" | typeof other): unknown =>
      outcomeOf(spread(graph, seeds, { steps: 3, sparsity: 1, epsilon: 0, layout }));
    const expected = outcome("rows");
    const { neurons, activations } = spread(graph, seeds, { steps: 3, sparsity: 1, epsilon: 0, layout: other });
    const places = [...neurons.keys()];
    expect(neurons.length).toBeGreaterThan(10_000);
    expect(places.toSorted((a, b) => activations[b]! - activations[a]! || neurons[a]! - neurons[b]!)).toEqual(places);
    for (const count of [1, 2, 4, 8]) {
      threads(count);
      expect(outcome(other)).toEqual(expected);
    }
    threads(1);
  });
});

/** An outcome without the order of its frames. */
function outcomeOf({ neurons, activations, frames, steps, settled, edges }: Spread): unknown {
  const sorted = frames.map((frame) =>
    Array.from(frame.neurons, (neuron, place) => [neuron, frame.activations[place]!]).toSorted(([a], [b]) => a! - b!),
  );
  return { neurons, activations, sorted, steps, settled, edges };
}

describe("a step in parts", () => {
  test.prop([plans(40), fc.integer({ min: 1, max: 8 }), fc.gen()])(
    "has the bits of the whole, for any number of threads and any order of their answers",
    (plan, threads, gen) => {
      const graph = build(plan);
      const { frames } = spread(graph, plan.seeds, { ...all, steps: 2 });
      const [, before, after] = frames;
      const { length } = before!.neurons;
      const cut = (thread: number): number => Math.floor((thread * length) / threads);
      const parts = Array.from({ length: threads }, (_, thread) =>
        partialSums(graph, before!, [cut(thread), cut(thread + 1)]),
      );
      const answers = gen(fc.shuffledSubarray, parts, { minLength: threads });
      const merged = mergeSums(answers);
      for (const neuron of plan.neurons.keys()) expect(merged[neuron]).toBe(activationOf(after!, neuron));
    },
  );

  test("takes workers that hold copies of the graph", async () => {
    const { threadedStep } = await import("./threads.ts");
    const graph = neuronGraph();
    graph.addNeurons(2000);
    for (let i = 0; i < 20_000; i++) {
      graph.connect((i * 7919) % 2000, (i * 104_729 + (i >> 3)) % 2000, { weight: ((i * 31) % 100) / 100 - 0.3 });
    }
    const active = {
      neurons: Uint32Array.from({ length: 1500 }, (_, i) => i),
      activations: Float32Array.from({ length: 1500 }, (_, i) => ((i * 37) % 99) / 99),
    };
    const alone = mergeSums([partialSums(graph, active, [0, 1500])]);
    for (const threads of [1, 2, 4]) expect(await threadedStep(graph, active, threads)).toEqual(alone);
  });
});

describe("working memory", () => {
  test("takes half of an activation up, fades by 0.7 and forgets below 0.01", () => {
    const graph = letters("a");
    const memory = new WorkingMemory();
    spread(graph, [[0, 1]], { steps: 0, memory });
    expect(memory.entries()).toEqual([[0, 0.5]]);
    for (let tick = 0; tick < 10; tick++) memory.tick();
    expect(memory.entries()[0]![1]).toBeCloseTo(0.5 * 0.7 ** 10, 12);
    memory.tick();
    expect(memory.entries()).toEqual([]);
  });

  test("lights what it holds in the next spread, and the larger of two strengths stays", () => {
    const graph = letters("ab");
    const memory = new WorkingMemory();
    spread(graph, [[0, 1]], { steps: 0, memory });
    const { neurons, activations } = spread(graph, [[1, 0.4]], { steps: 0, memory });
    expect(byName(graph, { neurons, activations })).toEqual({ a: 0.5, b: Math.fround(0.4) });
    expect(memory.entries()).toEqual([
      [0, 0.35],
      [1, 0.5 * Math.fround(0.4)],
    ]);
  });

  test("holds the strongest few", () => {
    const memory = new WorkingMemory({ size: 2 });
    memory.absorb({ neurons: Uint32Array.of(3, 4, 5), activations: Float32Array.of(0.5, 1, 0.25) });
    expect(memory.entries()).toEqual([
      [4, 0.5],
      [3, 0.25],
    ]);
  });
});

describe("dense", () => {
  test.prop([plans(), fc.gen()])("predicts what spread does, bit for bit", (plan, gen) => {
    const half = Math.ceil(plan.neurons.length / 2);
    const unique = plan.synapses.filter(({ relation }) => relation === "is_a");
    const graph = build({ ...plan, synapses: unique.filter(({ from, to }) => from < half && to >= half) });
    const rows = [...plan.neurons.keys()];
    const layout = dense(graph, rows.slice(0, half), rows.slice(half));
    const lit = gen(fc.subarray, rows.slice(0, half));
    layout.verify(lit);
    layout.verify(
      lit,
      lit.map(() => gen(fc.float, { min: 0, max: 1, noNaN: true })),
    );
  });

  test("notices that a weight has changed since", () => {
    const graph = letters("ab");
    graph.connect(0, 1, { relation: "carries", weight: 0.5 });
    const layout = dense(graph, [0], [1]);
    graph.connect(0, 1, { relation: "carries", weight: 0.25 });
    expect(() => layout.verify([0])).toThrow(
      "verify: expected 0.25 at b, as spread has it, received 0.5. Rebuild the layout?",
    );
  });
});
