import { fc, test } from "@fast-check/vitest";
import { key } from "@ganglion/tensor";
import { describe, expect } from "vitest";
import {
  Eligibility,
  Replay,
  Trace,
  adam,
  delta,
  effectiveRate,
  fade,
  hebbian,
  modulate,
  momentum,
  neuronGraph,
  oja,
  perceptron,
  plateau,
  spread,
} from "../src/index.ts";
import type { Active, NeuronGraph } from "../src/index.ts";
import { build, letters, plans } from "./helpers.ts";

function active(...pairs: readonly (readonly [number, number])[]): Active {
  return {
    neurons: Uint32Array.from(pairs, ([neuron]) => neuron),
    activations: Float32Array.from(pairs, ([, value]) => value),
  };
}

describe("hebbian", () => {
  test("moves what is there by rate * a * b * reward, from the stronger to the weaker only", () => {
    const graph = letters("ab");
    graph.connect(0, 1, { weight: 0.5 });
    graph.connect(1, 0, { weight: 0.5 });
    expect(hebbian(graph, active([0, 1], [1, 0.5]))).toEqual({ changed: 1, grown: 0 });
    expect(graph.weight(0, 1)).toBeCloseTo(0.525, 6);
    expect(graph.weight(1, 0)).toBe(0.5);
    hebbian(graph, active([0, 1], [1, 0.5]), { reward: -2 });
    expect(graph.weight(0, 1)).toBeCloseTo(0.475, 6);
  });

  test("grows what is missing where the product is large enough and the reward positive", () => {
    const graph = letters("abcd");
    const together = active([0, 1], [1, 0.5], [2, 0.39], [3, 0.19]);
    expect(hebbian(graph, together, { reward: -1 })).toEqual({ changed: 0, grown: 0 });
    expect(hebbian(graph, together, { reward: 2 })).toEqual({ changed: 0, grown: 1 });
    expect(graph.weight(0, 1, "co_occurs")).toBeCloseTo(0.25, 6);
  });

  test("lets only the strongest take part", () => {
    const graph = neuronGraph();
    graph.addNeurons(300);
    const everyone = active(...Array.from({ length: 300 }, (_, neuron) => [neuron, 1] as const));
    expect(hebbian(graph, everyone).grown).toBe((200 * 199) / 2);
  });

  test.prop([plans(), fc.float({ min: -5, max: 5, noNaN: true })])(
    "keeps what it moves within [0, 1]",
    (plan, reward) => {
      const graph = build({
        ...plan,
        synapses: plan.synapses.map((synapse) => ({ ...synapse, weight: synapse.weight / 2 })),
      });
      const before = new Map(
        all(graph).map((synapse) => [`${synapse.from} ${synapse.to} ${synapse.relation}`, synapse.weight]),
      );
      hebbian(graph, spread(graph, plan.seeds), { reward, rate: 1 });
      for (const { from, to, relation, weight } of all(graph)) {
        if (weight !== before.get(`${from} ${to} ${relation}`)) expect(weight >= 0 && weight <= 1).toBe(true);
      }
    },
  );
});

describe("no rule", () => {
  test.prop([plans(), fc.infiniteStream(fc.boolean())])(
    "rewires a pinned synapse or what leaves a pinned neuron",
    (plan, pins) => {
      const graph = neuronGraph();
      for (const neuron of plan.neurons) graph.addNeuron({ ...neuron, pinned: pins.next().value! });
      for (const { from, to, ...rest } of plan.synapses)
        graph.connect(from, to, { ...rest, pinned: pins.next().value! });
      const held = (): unknown => all(graph).filter(({ from, pinned }) => pinned || graph.neuron(from).pinned);
      const before = held();
      const outcome = spread(graph, plan.seeds, { steps: 3 });
      const targets = [...plan.neurons.keys()].map((neuron) => [neuron, 0.5] as const);
      hebbian(graph, outcome, { rate: 0.5 });
      delta(graph, outcome, targets);
      oja(graph, outcome, 0);
      plateau(graph, outcome.frames, 1, 0);
      const traces = new Eligibility();
      for (const { from, to, relation } of all(graph)) traces.mark(graph, from, to, 1, relation);
      traces.reward(graph, 1);
      fade(graph, 0.5);
      expect(held()).toEqual(before);
    },
  );
});

describe("delta", () => {
  test("moves by rate * activation * error, and grows what is missing", () => {
    const graph = letters("abc");
    graph.connect(0, 2, { weight: 1 });
    expect(delta(graph, active([0, 1], [1, 0.5]), [[2, 0.4]], { rate: 0.5 })).toEqual({ changed: 1, grown: 1 });
    expect([graph.weight(0, 2), graph.weight(1, 2)]).toEqual([Math.fround(1.2), Math.fround(0.1)]);
  });

  test("learns a linear function of its inputs", () => {
    const graph = letters("abct");
    const wanted = [0.1, 0.3, 0.5];
    graph.relations.set("votes", 1);
    for (let round = 0; round < 400; round++) {
      const inputs = wanted.map((_, i) => [i, ((round * (i + 3)) % 7) / 7] as const);
      const goal = inputs.reduce((sum, [i, x]) => sum + wanted[i]! * x, 0);
      const got = inputs.reduce((sum, [i, x]) => sum + (graph.weight(i, 3, "votes") ?? 0) * x, 0);
      delta(graph, active(...inputs), [[3, goal - got]], { rate: 0.5, relation: "votes" });
    }
    for (const [i, weight] of wanted.entries()) expect(graph.weight(i, 3, "votes")).toBeCloseTo(weight, 3);
  });

  test("refuses a relation that nobody named", () => {
    expect(() => delta(letters("ab"), active([0, 1]), [[1, 1]], { relation: "votse" })).toThrow(
      'delta: expected a relation of the graph, received "votse"',
    );
  });
});

test("perceptron separates what can be separated by a line, and then rests", () => {
  const graph = letters("biyn"); // bias, input, yes, no
  const problems = [
    [0, 3],
    [0.25, 3],
    [0.75, 2],
    [1, 2],
  ] as const;
  const answer = (x: number, target: number): number => {
    const pre = active([0, 1], [1, x]);
    const sum = (to: number): number => (graph.weight(0, to) ?? 0) + x * (graph.weight(1, to) ?? 0);
    const outcome = active([2, Math.max(0, sum(2))], [3, Math.max(0, sum(3))]);
    return perceptron(graph, pre, outcome, [2, 3], target).answer;
  };
  for (let round = 0; round < 50; round++) for (const [x, target] of problems) answer(x, target);
  for (const [x, target] of problems) expect(answer(x, target)).toBe(target);
});

test("oja finds the first principal component, of length 1", () => {
  const graph = letters("xyo");
  graph.connect(0, 2, { weight: 0.9 });
  graph.connect(1, 2, { weight: 0.1 });
  for (let round = 0; round < 4000; round++) {
    const [along, across] = [((round * 37) % 101) / 50 - 1, ((round * 53) % 97) / 240 - 0.2];
    oja(graph, active([0, 0.6 * along - 0.8 * across], [1, 0.8 * along + 0.6 * across]), 2, { rate: 0.02 });
  }
  expect(graph.weight(0, 2)).toBeCloseTo(0.6, 1);
  expect(graph.weight(1, 2)).toBeCloseTo(0.8, 1);
  expect(graph.weight(0, 2)! ** 2 + graph.weight(1, 2)! ** 2).toBeCloseTo(1, 1);
});

describe("eligibility", () => {
  test("pays a late reward to what took part, the more the fresher", () => {
    const graph = letters("abc");
    graph.connect(0, 1, { weight: 0 });
    graph.connect(1, 2, { weight: 0 });
    const traces = new Eligibility({ decay: 0.5 });
    traces.mark(graph, 0, 1, 1);
    traces.tick();
    traces.mark(graph, 1, 2, 1);
    graph.addNeuron();
    graph.compact();
    expect(traces.reward(graph, 1, { rate: 0.2 })).toEqual({ changed: 2, grown: 0 });
    expect([graph.weight(0, 1), graph.weight(1, 2)]).toEqual([Math.fround(0.1), Math.fround(0.2)]);
  });
});

describe("plateau", () => {
  test("ties what was active around it to a neuron in one shot, by distance in time", () => {
    const graph = letters("abct");
    graph.connect(2, 3, { relation: "co_occurs", weight: 0.9 });
    const frames = [active([0, 1]), active([1, 1]), active([2, 1])];
    expect(plateau(graph, frames, 1, 3, { reach: 0.5 })).toEqual({ changed: 0, grown: 2 });
    expect([0, 1, 2].map((from) => graph.weight(from, 3, "co_occurs"))).toEqual([0.5, 1, Math.fround(0.9)]);
  });
});

describe("smoothing", () => {
  const place = { from: 0, to: 1, relation: 0 };
  test("by momentum sums a synapse's own changes", () => {
    const smooth = momentum(0.5);
    expect([smooth(place, 1), smooth(place, 1), smooth({ ...place, to: 2 }, 1)]).toEqual([1, 1.5, 1]);
  });

  test("like Adam makes changes of one sign as large as the rate", () => {
    const smooth = adam({ rate: 0.1 });
    for (let i = 0; i < 20; i++) expect(smooth(place, 0.003)).toBeCloseTo(0.1, 5);
    expect(smooth({ ...place, from: 3 }, -7)).toBeCloseTo(-0.1, 5);
  });
});

describe("a modulator", () => {
  test("rises with reward, falls back, and stays within [-0.5, 1]", () => {
    expect(modulate(0, 1)).toBeCloseTo(0.3, 12);
    expect(modulate(1, 9)).toBe(1);
    expect(modulate(-0.5, -9)).toBe(-0.5);
    expect(modulate(0.4, 0)).toBeCloseTo(0.38, 12);
    expect([effectiveRate(0.1, 1), effectiveRate(0.1, -0.5), effectiveRate(0.1, -2)]).toEqual([0.2, 0.05, 0]);
  });
});

describe("replay", () => {
  test("keeps the newest and draws the same ones for the same key", () => {
    const replay = new Replay<number>({ size: 3 });
    for (let episode = 0; episode < 5; episode++) replay.add(episode);
    expect(replay.episodes()).toEqual([2, 3, 4]);
    expect(replay.sample(key(1), 9)).toEqual(replay.sample(key(1), 9));
    expect(new Set(replay.sample(key(1), 100))).toEqual(new Set([2, 3, 4]));
  });

  test("draws the newest about 1.5 times as often as the oldest when asked to", () => {
    const replay = new Replay<number>();
    for (let episode = 0; episode < 100; episode++) replay.add(episode);
    const drawn = replay.sample(key(2), 100_000, "recent");
    const newest = drawn.filter((episode) => episode >= 90).length;
    const oldest = drawn.filter((episode) => episode < 10).length;
    expect(newest / oldest).toBeGreaterThan(1.35);
    expect(newest / oldest).toBeLessThan(1.55);
  });

  test("consolidates by living through episodes again, and says so", () => {
    const graph = letters("ab");
    const replay = new Replay<Active>();
    replay.add(active([0, 1], [1, 0.9]));
    const trace = new Trace();
    replay.consolidate(key(1), 10, (episode) => hebbian(graph, episode), { trace });
    expect(graph.weight(0, 1, "co_occurs")).toBeGreaterThan(0.5);
    expect(trace.tail()).toEqual([{ kind: "replay", episodes: 10, number: 0 }]);
  });

  test("refuses to draw from nothing", () => {
    expect(() => new Replay().sample(key(1), 1)).toThrow(
      "sample: expected at least one episode, received none. Add some first?",
    );
  });
});

function all(graph: NeuronGraph) {
  return Array.from({ length: graph.rows }, (_, neuron) => [...graph.synapsesOf(neuron)]).flat();
}
