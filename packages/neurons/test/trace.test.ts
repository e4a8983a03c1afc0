import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { key } from "@ganglion/tensor";
import {
  Eligibility,
  Replay,
  Trace,
  activationOf,
  emit,
  fade,
  hebbian,
  modulate,
  oja,
  plateau,
  spread,
  why,
} from "../src/index.ts";
import { build, letters, plans } from "./helpers.ts";

describe("a trace", () => {
  test("holds the newest events in order, counts them and writes them as lines", () => {
    const trace = new Trace(3);
    for (const text of "abcde") trace.add({ kind: "note", text });
    expect(trace.tail()).toEqual([
      { kind: "note", text: "c", number: 2 },
      { kind: "note", text: "d", number: 3 },
      { kind: "note", text: "e", number: 4 },
    ]);
    expect(trace.tail(1).map(({ number }) => number)).toEqual([4]);
    expect([trace.count, trace.summary()]).toEqual([5, { note: 3 }]);
    expect(trace.toJsonl().split("\n")[0]).toBe('{"kind":"note","text":"c","number":2}');
  });

  test("tells spreads, emissions, learning and modulation apart", () => {
    const graph = letters("ab");
    const trace = new Trace();
    const outcome = spread(
      graph,
      [
        [0, 1],
        [1, 0.9],
      ],
      { trace },
    );
    emit(graph, outcome, 0, { trace });
    hebbian(graph, outcome, { trace, growFrom: 0, floor: 0 });
    modulate(0, 1, trace);
    expect(trace.summary()).toEqual({ spread: 1, emit: 1, learn: 1, modulate: 1 });
    expect(trace.filter("learn")[0]).toMatchObject({ rule: "hebbian", grown: 1 });
  });
});

test("every rule that learns is traced, also in replay, with what it changed", () => {
  const graph = letters("abc");
  graph.connect(0, 1, { weight: 0.5 });
  const [trace, eligibility, replay] = [new Trace(), new Eligibility(), new Replay<"oja" | "plateau" | "reward">()];
  const lit = { neurons: Uint32Array.of(0), activations: Float32Array.of(1) };
  eligibility.mark(graph, 0, 1, 1);
  for (const episode of ["oja", "plateau", "reward"] as const) replay.add(episode);
  const credit = (episode: string): void => {
    if (episode === "oja") oja(graph, lit, 1, { trace });
    else if (episode === "plateau") plateau(graph, [lit], 0, 2, { trace });
    else eligibility.reward(graph, 1, { trace });
  };
  for (const episode of replay.episodes()) credit(episode);
  fade(graph, 0.5, trace);
  expect(trace.filter("learn").map(({ rule, changed, grown }) => ({ rule, changed, grown }))).toEqual([
    { rule: "oja", changed: 1, grown: 0 },
    { rule: "plateau", changed: 0, grown: 1 },
    { rule: "eligibility", changed: 1, grown: 0 },
    { rule: "fade", changed: 2, grown: 0 },
  ]);
  replay.consolidate(key(1), 20, credit, { trace });
  expect(trace.summary()).toEqual({ learn: 24, replay: 1 });
  const rules = new Set(
    trace
      .filter("learn")
      .slice(4)
      .map(({ rule }) => rule),
  );
  expect(rules).toEqual(new Set(["oja", "plateau", "eligibility"]));
});

describe("why", () => {
  test("names the synapses that carried an emission, back to the seeds", () => {
    const graph = letters("abcd");
    graph.connect(0, 2, { relation: "is_a", weight: 0.5 });
    graph.connect(1, 2, { relation: "carries", weight: 0.75 });
    graph.connect(2, 3, { relation: "causes", weight: 1 });
    graph.connect(0, 1, { relation: "carries", weight: 0.1 });
    const outcome = spread(
      graph,
      [
        [0, 1],
        [1, 0.8],
      ],
      { steps: 2, epsilon: 0 },
    );
    const emission = emit(graph, outcome, 3);
    graph.connect(2, 3, { relation: "causes", weight: 0 });
    const path = why(emission).map(({ step, fromName, relation, toName, weight }) => [
      step,
      fromName,
      relation,
      toName,
      weight,
    ]);
    expect(path[0]).toEqual([2, "c", "causes", "d", 1]);
    expect(path.slice(1)).toEqual([
      [1, "b", "carries", "c", 0.75],
      [1, "a", "is_a", "c", 0.5],
    ]);
    expect(emission).toMatchObject({ name: "d", step: 2, activation: activationOf(outcome, 3) });
  });

  test.prop([plans(), fc.nat(), fc.integer({ min: 1, max: 4 })])(
    "accounts for the whole of a sum",
    (plan, which, steps) => {
      const graph = build(plan);
      const outcome = spread(graph, plan.seeds, { steps, sparsity: 1, epsilon: 0 });
      const neuron = which % plan.neurons.length;
      const { carriers, step } = emit(graph, outcome, neuron);
      const sum = carriers.reduce((total, carrier) => total + (carrier.step === step ? carrier.contribution : 0), 0);
      expect(activationOf(outcome, neuron)).toBe(Math.fround(Math.min(1, Math.max(0, sum))));
    },
  );

  test("leaves the weaker carriers out when told to", () => {
    const graph = letters("abct");
    for (const [from, weight] of [0.2, 0.3, 0.4].entries()) graph.connect(from, 3, { relation: "carries", weight });
    const outcome = spread(
      graph,
      [
        [0, 1],
        [1, 1],
        [2, 1],
      ],
      { steps: 1 },
    );
    expect(why(emit(graph, outcome, 3, { width: 2 })).map(({ fromName }) => fromName)).toEqual(["c", "b"]);
  });
});
