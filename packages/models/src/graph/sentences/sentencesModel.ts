import { ConfigError } from "@ganglion/tensor";
import { loadGraph, saveGraph } from "@ganglion/neurons";
import { figures } from "../../generated/graph-sentences.figures.ts";
import { withFigures } from "../card.ts";
import type { GraphDefinition } from "../definition.ts";
import { SMALL_PROMPT, evaluateSentences, trainSentences } from "./evaluate.ts";
import type { SentenceMemory } from "./memory.ts";

export const definition: GraphDefinition = {
  card: withFigures(
    {
      model: "sentences",
      task: "Says each of twenty sentences of nine words when it hears the first three.",
      learns:
        "One hearing: plateau credit ties the opening to a new episode neuron, the delta rule ties the fading episode to " +
        "each word. From reward alone: words are tried, right ones grow routes.",
      data: "Twenty generated sentences of the shape DET ADJ ADJ NOUN VERB PREP DET ADJ NOUN; word classes are not told.",
      seed: 1,
      command: "ganglion graph sentences train",
      limits: [
        "It is a memory: nothing it says is new, and recall is measured on what it has heard.",
        "Three words leave a changed prompt ambiguous more often than four: see the row of all changes.",
        "A word that comes twice in a sentence has a neuron for its second coming.",
      ],
    },
    figures,
  ),
  weights: async () => (await import("../../generated/graph-sentences.weights.ts")).base64,
  *train(changes = []) {
    if (changes.length > 0)
      throw new ConfigError("set", `expected no settings: sentences are heard once. Leave out ${changes.join(",")}?`);
    yield { done: 0, text: "20 sentences, each heard once" };
    return saveGraph(trainSentences().graph);
  },
  *evaluate(file, { sizes = [1000, 10_000] } = {}) {
    yield* evaluateSentences(openSentences(file), sizes);
    yield { name: "file", value: file.length, unit: "bytes", beside: "64 a neuron, 16 a synapse" };
  },
  graph: loadGraph,
};

/** The memory in a file. */
export function openSentences(file: Uint8Array): SentenceMemory {
  return { graph: loadGraph(file), prompt: SMALL_PROMPT };
}
