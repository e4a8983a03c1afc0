import { CodecError, decode, encode } from "@ganglion/int8";
import type { Entry } from "@ganglion/int8";
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { FormatError, loadGraph, saveGraph, spread } from "../src/index.ts";
import { build, plans } from "./helpers.ts";
import { campaign, sample } from "./support.ts";

describe("a saved graph", () => {
  test.prop([plans(), fc.integer({ min: 0, max: 4 })])(
    "comes back bit for bit, and goes on the same way",
    (plan, steps) => {
      const graph = build(plan);
      spread(graph, plan.seeds, { steps });
      const file = saveGraph(graph);
      const back = loadGraph(file);
      expect(saveGraph(back)).toEqual(file);
      expect(spread(back, plan.seeds, { steps })).toEqual(spread(graph, plan.seeds, { steps }));
      expect(back.addNeuron()).toBe(plan.neurons.length);
    },
  );

  test("keeps names, identities, contents, relations and removed neurons", () => {
    const graph = loadGraph(sample());
    graph.removeNeuron(3);
    const back = loadGraph(saveGraph(graph));
    expect([back.neurons, back.rows, back.neuronOf(8), back.label(2), back.has(3)]).toEqual([3, 4, 2, "purr", false]);
    expect(new TextDecoder().decode(back.content(0))).toBe("cat");
    expect([...back.synapsesOf(0)]).toEqual([
      { from: 0, to: 1, relation: "is_a", weight: 1, pinned: false },
      { from: 0, to: 2, relation: "does", weight: 0.5, pinned: true },
    ]);
    expect(back.addNeuron()).toBe(4);
    expect(back.idOf(4)).toBe(28);
  });
});

describe("loadGraph", () => {
  test("refuses 20,000 mutants with a typed error or, when their checksum is made right, accepts graphs only", () => {
    const { plain, resealed } = campaign(20_000, 1);
    expect(plain.accepted).toBe(0);
    expect(plain.refused).toBeGreaterThan(5000);
    expect(resealed.refused).toBeGreaterThan(2000);
  });

  test("refuses a file cut short", () => {
    expect(() => loadGraph(sample().subarray(0, 500))).toThrow(CodecError);
  });

  const repair = "The file was not written by saveGraph: ask its author for a new one.";
  test.each<[string, (view: DataView, entry: Entry) => void, string, string]>([
    ["neurons", (view) => view.setUint8(8, 8), "neuron 0 with a kind below 8, received 8", "an unknown kind"],
    [
      "neurons",
      (view) => view.setUint32(64, 0, true),
      "neuron 1 with an id of its own below 2^53, received 0",
      "twins",
    ],
    [
      "neurons",
      (view) => view.setFloat32(20, 1.5, true),
      "neuron 0 with a decay in [0, 1], received 1.5",
      "a wild decay",
    ],
    ["neurons", (view) => view.setUint32(40, 1, true), "neuron 0 with synapses from 0 on, received 1", "a gap"],
    [
      "neurons",
      (view) => view.setUint32(36, 9, true),
      "neuron 0 with at most 3 synapses in all, received 9",
      "too many synapses",
    ],
    [
      "neurons",
      (view) => view.setUint32(48, 1e9, true),
      "neuron 0 with a content within the file, received 1000000000",
      "a lost content",
    ],
    [
      "neurons",
      (view) => view.setUint8(63, 1),
      "neuron 0 with zeros in its reserved bytes, received 16777216",
      "reserved bytes",
    ],
    [
      "synapses",
      (view) => view.setUint32(0, 4, true),
      "synapse 0 with a target below 4, received 4",
      "a target beyond",
    ],
    [
      "synapses",
      (view) => view.setUint16(8, 99, true),
      "synapse 0 with a relation below 15, received 99",
      "an unknown relation",
    ],
    ["synapses", (view) => view.setFloat32(12, NaN, true), "synapse 0 with a finite weight, received NaN", "no weight"],
  ])("refuses in %s what cannot be", (part, spoil, problem) => {
    const { entries, metadata } = decode(sample());
    for (const entry of entries) {
      if (entry.name === part && entry.kind === "raw")
        spoil(new DataView(entry.data.buffer, entry.data.byteOffset), entry);
    }
    const load = (): unknown => loadGraph(encode(entries, { metadata }));
    expect(load).toThrow(FormatError);
    expect(load).toThrow(expect.objectContaining({ part, message: `loadGraph: expected ${problem}. ${repair}` }));
  });

  test("refuses a container of something else", () => {
    expect(() => loadGraph(encode([]))).toThrow(`loadGraph: expected a neuron graph, received nothing. ${repair}`);
  });
});
