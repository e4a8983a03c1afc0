import { why } from "@ganglion/neurons";
import { describe, expect, test } from "vitest";
import { changedPrompt, corpus, largeLexicon, smallLexicon } from "../../src/graph/sentences/corpus.ts";
import { twenty } from "../../src/graph/sentences/evaluate.ts";
import { hear, recall, sentenceMemory } from "../../src/graph/sentences/memory.ts";
import { learnFromReward, rewardRecipe } from "../../src/graph/sentences/reward.ts";
import { openSentences } from "../../src/graph/sentences/sentencesModel.ts";
import { defineGraph, graphFile } from "../../src/graph/registry.ts";

describe("a corpus", () => {
  test("has different openings, sentences of nine words, and the same ones for the same seed", () => {
    const sentences = corpus(largeLexicon, 500, { opening: 4 });
    expect(sentences.every(({ length }) => length === 9)).toBe(true);
    expect(new Set(sentences.map((sentence) => sentence.slice(0, 4).join(" "))).size).toBe(500);
    expect(corpus(largeLexicon, 500, { opening: 4 })).toEqual(sentences);
    for (const words of Object.values(largeLexicon)) expect(new Set(words).size).toBe(words.length);
  });

  test("changes one word of a prompt for another of its class", () => {
    const prompt = ["the", "old", "red"];
    for (let choice = 0; choice < 50; choice++) {
      const changed = changedPrompt(smallLexicon, prompt, choice % 3, choice);
      expect(changed.filter((word, i) => word !== prompt[i]).length).toBe(1);
    }
  });
});

describe("a memory for sentences", () => {
  test("says what it heard once, in order, and why", () => {
    const memory = sentenceMemory(3);
    const sentence = "the old red fox waits near the quiet river".split(" ");
    const episode = hear(memory, sentence);
    const { words, fit, emissions, episode: found } = recall(memory, ["the", "old", "red"]);
    expect([words, fit, found]).toEqual([sentence, 1, episode]);
    const [, first] = emissions.map((emission) => why(emission));
    expect(first).toMatchObject([{ relation: "then", toName: "say the", weight: 1 }]);
  });

  test("answers nothing to words that it never heard", () => {
    const memory = sentenceMemory(3);
    hear(memory, ["a", "b", "c", "d"]);
    expect(recall(memory, ["x", "y", "z"])).toEqual({ words: [], episode: -1, fit: 0, emissions: [] });
  });

  test("recalls 1,000 sentences, and nearly all when one word of the prompt is changed", () => {
    const sentences = corpus(largeLexicon, 1000, { opening: 4 });
    const memory = sentenceMemory(4);
    const episodes = sentences.map((sentence) => hear(memory, sentence));
    let [right, changed] = [0, 0];
    for (const [index, sentence] of sentences.entries()) {
      const prompt = sentence.slice(0, 4);
      const { words, episode } = recall(memory, prompt);
      if (words.join(" ") === sentence.join(" ") && episode === episodes[index]) right++;
      const { words: said } = recall(memory, changedPrompt(largeLexicon, prompt, index % 4, index * 31));
      if (said.join(" ") === sentence.join(" ")) changed++;
    }
    expect(right).toBeGreaterThanOrEqual(990);
    expect(changed).toBeGreaterThanOrEqual(950);
  });
});

describe("learning from reward alone", () => {
  test("begins with no routes and nothing said, and ends with every sentence", () => {
    const sentences = twenty().slice(0, 6);
    const curve = [...learnFromReward(sentences, 3, rewardRecipe)];
    expect(curve[0]).toMatchObject({ round: 0, right: 0, routes: 0 });
    expect(curve.at(-1)!.right).toBe(6);
    expect(
      curve.every(
        ({ right, routes }, i) => i === 0 || (right >= curve[i - 1]!.right && routes >= curve[i - 1]!.routes),
      ),
    ).toBe(true);
    expect(curve.at(-1)!.routes).toBeGreaterThanOrEqual(6 * 9);
  });
});

describe("the sentence model", async () => {
  const file = await graphFile("sentences");
  const { train } = await defineGraph("sentences");

  test("says all twenty sentences word for word, each by an episode of its own", () => {
    const memory = openSentences(file);
    const recalled = twenty().map((sentence) => recall(memory, sentence.slice(0, 3)));
    expect(recalled.map(({ words }) => words)).toEqual(twenty());
    expect(new Set(recalled.map(({ episode }) => episode)).size).toBe(20);
  });

  test("is what its recipe makes of nothing, byte for byte", () => {
    const learning = train();
    let step = learning.next();
    while (step.done !== true) step = learning.next();
    expect(step.value).toEqual(new Uint8Array(file));
  });
});
