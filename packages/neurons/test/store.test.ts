import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import {
  GraphError,
  NEURON_BYTES,
  SYNAPSE_BYTES,
  defaultRelations,
  neuronFields,
  neuronGraph,
  saveGraph,
  synapseFields,
} from "../src/index.ts";
import { decode } from "@ganglion/int8";
import { build, letters, plans } from "./helpers.ts";

describe("records", () => {
  test("take 64 and 16 bytes, with every field where the layout says", () => {
    const graph = neuronGraph();
    graph.addNeuron();
    const neuron = graph.addNeuron({
      id: 2 ** 33 + 5,
      kind: "episode",
      modality: 7,
      threshold: 0.25,
      decay: 0.5,
      content: "red",
      pinned: true,
    });
    graph.connect(0, neuron, { relation: "is_a", weight: 0.75, pinned: true });
    graph.connect(neuron, 0, { relation: "antonym", weight: -2 });
    const [neurons, synapses, contents] = decode(saveGraph(graph)).entries.map((entry) =>
      entry.kind === "raw" ? new Uint8Array(entry.data.buffer) : new Uint8Array(),
    );
    const view = new DataView(neurons!.buffer, NEURON_BYTES);
    expect(neurons!.length).toBe(2 * NEURON_BYTES);
    expect(view.getBigUint64(neuronFields.id, true)).toBe(2n ** 33n + 5n);
    expect(view.getUint8(neuronFields.kind)).toBe(3);
    expect(view.getUint8(neuronFields.modality)).toBe(7);
    expect(view.getUint16(neuronFields.flags, true)).toBe(4);
    expect(view.getFloat32(neuronFields.activation, true)).toBe(0);
    expect(view.getFloat32(neuronFields.threshold, true)).toBe(0.25);
    expect(view.getFloat32(neuronFields.decay, true)).toBe(0.5);
    expect(view.getBigUint64(neuronFields.lastFired, true)).toBe(0n);
    expect(view.getUint32(neuronFields.fireCount, true)).toBe(0);
    expect(view.getUint32(neuronFields.fanOut, true)).toBe(1);
    expect(view.getBigUint64(neuronFields.synapseOffset, true)).toBe(1n);
    expect(view.getBigUint64(neuronFields.reserved, true)).toBe(0n);
    const place = Number(view.getBigUint64(neuronFields.contentOffset, true));
    expect(new TextDecoder().decode(contents!.subarray(place + 4, place + 7))).toBe("red");
    const first = new DataView(synapses!.buffer, 0, SYNAPSE_BYTES);
    expect(first.getBigUint64(synapseFields.to, true)).toBe(1n);
    expect(first.getUint16(synapseFields.relation, true)).toBe(Object.keys(defaultRelations).indexOf("is_a"));
    expect(first.getUint16(synapseFields.flags, true)).toBe(1);
    expect(first.getFloat32(synapseFields.weight, true)).toBe(0.75);
  });

  test("grow in amortised constant time, whatever the order in which synapses come", () => {
    const graph = neuronGraph();
    graph.addNeurons(1000);
    for (let i = 0; i < 100_000; i++) graph.connect((i * 7919) % 1000, Math.floor(i / 1000) + ((i * 31) % 900));
    expect(graph.bytes).toBeLessThan(8 * 100_000 * SYNAPSE_BYTES);
    const before = graph.synapses;
    graph.compact();
    expect([graph.synapses, graph.bytes]).toEqual([before, 1000 * NEURON_BYTES + before * SYNAPSE_BYTES]);
  });

  test.prop([plans(), fc.array(fc.tuple(fc.boolean(), fc.nat(), fc.nat(), fc.float({ noNaN: true, min: 0, max: 1 })))])(
    "behave like a map of synapses under any sequence of changes",
    (plan, changes) => {
      const graph = build(plan);
      const rows = graph.rows;
      const model = new Map(
        plan.synapses.map(({ from, to, relation, weight }) => [`${from} ${to} ${relation}`, weight]),
      );
      for (const [adds, a, b, weight] of changes) {
        const [from, to] = [a % rows, b % rows];
        const key = `${from} ${to} related_to`;
        if (adds) {
          graph.connect(from, to, { weight });
          model.set(key, weight);
        } else expect(graph.disconnect(from, to)).toBe(model.delete(key));
        if (a % 5 === 0) graph.compact();
      }
      expect(graph.synapses).toBe(model.size);
      const found = Array.from({ length: rows }, (_, neuron) => [...graph.synapsesOf(neuron)]).flat();
      expect(new Map(found.map(({ from, to, relation, weight }) => [`${from} ${to} ${relation}`, weight]))).toEqual(
        model,
      );
      for (const [key, weight] of model) {
        const [from, to, relation] = key.split(" ");
        expect(graph.weight(Number(from), Number(to), relation)).toBe(weight);
      }
    },
  );

  test("of many synapses at once are those of one at a time", () => {
    const [from, to, weights] = [Uint32Array.of(2, 0, 2, 1), Uint32Array.of(0, 1, 2, 1), Float32Array.of(1, 2, 3, 4)];
    const [bulk, single] = [neuronGraph(), neuronGraph()];
    for (const graph of [bulk, single]) graph.addNeurons(3);
    bulk.connectAll(from, to, weights, "causes");
    for (const [i, neuron] of from.entries()) {
      single.connect(neuron, to[i]!, { relation: "causes", weight: weights[i]! });
    }
    expect(saveGraph(bulk)).toEqual(saveGraph(single));
  });
});

describe("a hub", () => {
  test("finds each of 20,000 synapses at once, also after removals", () => {
    const graph = neuronGraph();
    graph.addNeurons(20_001);
    for (let to = 1; to <= 20_000; to++) graph.connect(0, to, { weight: to });
    expect(graph.disconnect(0, 3)).toBe(true);
    expect([graph.weight(0, 3), graph.weight(0, 4), graph.weight(0, 20_000)]).toEqual([undefined, 4, 20_000]);
  });
});

describe("names", () => {
  test("are found both ways, in any case", () => {
    const graph = neuronGraph();
    const cat = graph.addNeuron({ alias: "Cat" });
    graph.aliases.set("felis", cat);
    expect([graph.aliases.neuronOf("CAT"), graph.aliases.neuronOf("Felis")]).toEqual([cat, cat]);
    expect([graph.aliases.namesOf(cat), graph.label(cat)]).toEqual([["cat", "felis"], "cat"]);
    expect(graph.label(graph.addNeuron({ id: 77 }))).toBe("#77");
    expect(graph.neuronOf(77)).toBe(1);
  });

  test("of relations are found both ways, unknown ones carry 0.3", () => {
    const { relations } = neuronGraph();
    expect(relations.entries().slice(0, 3)).toEqual([
      ["synonym", Math.fround(0.95)],
      ["is_a", Math.fround(0.7)],
      ["inverse_is_a", Math.fround(0.55)],
    ]);
    const code = relations.codeOf("orbits");
    expect([relations.nameOf(code), relations.weights[code]]).toEqual(["orbits", Math.fround(0.3)]);
    expect(relations.find("never named")).toBeUndefined();
  });
});

describe("a removed neuron", () => {
  test("loses its names, its identity and, once compacted, every synapse at it", () => {
    const graph = letters("abc");
    graph.connect(0, 1);
    graph.connect(1, 2);
    graph.connect(2, 0);
    graph.removeNeuron(1);
    expect([graph.neurons, graph.rows, graph.synapses]).toEqual([2, 3, 2]);
    expect([graph.aliases.neuronOf("b"), graph.neuronOf(1), graph.has(1)]).toEqual([undefined, undefined, false]);
    graph.compact();
    expect(graph.synapses).toBe(1);
    expect(graph.addNeuron({ alias: "b" })).toBe(3);
  });
});

test("contents come back as copies", () => {
  const graph = neuronGraph();
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i);
  const neuron = graph.addNeuron({ content: bytes });
  graph.content(neuron)![0] = 9;
  expect(graph.content(neuron)).toEqual(bytes);
  expect(graph.content(graph.addNeuron())).toBeUndefined();
  graph.setContent(neuron, "other");
  expect(new TextDecoder().decode(graph.content(neuron))).toBe("other");
});

describe("a graph refuses", () => {
  const graph = letters("ab");
  const bulk = neuronGraph();
  bulk.addNeurons(2);
  const one = Float32Array.of(1);
  test.each<[string, () => unknown, string]>([
    [
      "an id that is taken",
      () => graph.addNeuron({ id: 1 }),
      "addNeuron: expected a free id, received 1, which is neuron 1",
    ],
    [
      "half an id",
      () => graph.addNeuron({ id: 0.5 }),
      "addNeuron: expected id to be a whole number from 0 to 2^53, received 0.5",
    ],
    [
      "a name that is taken",
      () => graph.addNeuron({ alias: "A" }),
      'alias: expected a free name, received "a", which is neuron 0',
    ],
    ["a decay above 1", () => graph.addNeuron({ decay: 2 }), "addNeuron: expected decay to be in [0, 1], received 2"],
    [
      "no threshold",
      () => graph.addNeuron({ threshold: NaN }),
      "addNeuron: expected threshold to be a finite number, received NaN",
    ],
    [
      "a missing neuron",
      () => graph.connect(0, 9),
      "connect: expected a neuron among 2 rows, received 9. Was it removed?",
    ],
    [
      "no weight",
      () => graph.connect(0, 1, { weight: Infinity }),
      "connect: expected weight to be a finite number, received Infinity",
    ],
    ["a code without relation", () => graph.relations.nameOf(99), "relations: expected a code below 15, received 99"],
    [
      "lists of unequal length",
      () => bulk.connectAll(Uint32Array.of(0), Uint32Array.of(1, 1), one),
      "connectAll: expected three arrays of one length, received 1, 2, 1",
    ],
    [
      "a pair twice",
      () => bulk.connectAll(Uint32Array.of(0, 0), Uint32Array.of(1, 1), Float32Array.of(1, 2)),
      "connectAll: expected every pair once, received 0 -> 1 twice. Remove the second?",
    ],
  ])("%s", (_, act, message) => {
    expect(act).toThrow(expect.objectContaining({ message }));
  });

  test("and leaves no neuron behind", () => {
    expect([graph.rows, bulk.synapses]).toEqual([2, 0]);
    expect(() => graph.connect(0, 9)).toThrow(GraphError);
  });
});
