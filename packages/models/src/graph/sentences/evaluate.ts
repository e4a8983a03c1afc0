import { shareRow } from "../row.ts";
import type { GraphRow } from "../row.ts";
import { changedPrompt, corpus, largeLexicon, smallLexicon } from "./corpus.ts";
import type { Lexicon, Sentence } from "./corpus.ts";
import { hear, recall, sentenceMemory } from "./memory.ts";
import type { SentenceMemory } from "./memory.ts";
import { learnFromReward, rewardRecipe } from "./reward.ts";

/** Words of a prompt: three for twenty sentences, as published, four for thousands. */
export const SMALL_PROMPT = 3;
const LARGE_PROMPT = 4;

/** The twenty sentences of the model that ships. */
export function twenty(): Sentence[] {
  return corpus(smallLexicon, 20, { opening: SMALL_PROMPT });
}

/** A memory that has heard the twenty sentences once. */
export function trainSentences(): SentenceMemory {
  const memory = sentenceMemory(SMALL_PROMPT);
  for (const sentence of twenty()) hear(memory, sentence);
  memory.graph.compact();
  return memory;
}

/** Measures recall, identity, changed prompts and learning from reward; `sizes` are further counts of sentences. */
export function* evaluateSentences(
  memory: SentenceMemory,
  sizes: readonly number[] = [1000, 10_000],
): Generator<GraphRow> {
  const sentences = twenty();
  const episodes = sentences.map((_, index) => memory.graph.aliases.neuronOf(episodeName(memory, index))!);
  yield* recallRows("20 sentences, 3 words", memory, smallLexicon, sentences, episodes);
  const changes = sentences.flatMap((sentence, index) =>
    allChanges(sentence).map((prompt) => ({ prompt, sentence, index })),
  );
  const right = changes.filter(({ prompt, sentence }) => same(recall(memory, prompt).words, sentence)).length;
  yield shareRow("20 sentences, 3 words: every change of one word", right, changes.length);
  for (const size of sizes) {
    const large = corpus(largeLexicon, size, { opening: LARGE_PROMPT });
    const heard = sentenceMemory(LARGE_PROMPT);
    const rows = large.map((sentence) => hear(heard, sentence));
    yield* recallRows(`${size.toLocaleString("en")} sentences, 4 words`, heard, largeLexicon, large, rows);
  }
  yield* rewardRows(sentences);
  yield { name: "graph", value: memory.graph.synapses, unit: "synapses", beside: `${memory.graph.neurons} neurons` };
}

/** Name of the episode of a sentence in a memory that heard them in order. */
function episodeName({ graph }: SentenceMemory, index: number): string {
  const names = graph.aliases.entries().map(([name]) => name);
  return names.filter((name) => name.startsWith("sentence "))[index] ?? "";
}

function* recallRows(
  title: string,
  memory: SentenceMemory,
  lexicon: Lexicon,
  sentences: readonly Sentence[],
  episodes: readonly number[],
): Generator<GraphRow> {
  const { prompt } = memory;
  const table = new Map(sentences.map((sentence) => [sentence.slice(0, prompt).join(" "), sentence]));
  const counts = { words: 0, identity: 0, changed: 0, known: 0, told: 0 };
  for (const [index, sentence] of sentences.entries()) {
    const opening = sentence.slice(0, prompt);
    const { words, episode } = recall(memory, opening);
    if (same(words, sentence)) counts.words++;
    if (episode === episodes[index]) counts.identity++;
    if (same(table.get(opening.join(" ")) ?? [], sentence)) counts.told++;
    const other = changedPrompt(lexicon, opening, index % prompt, Math.imul(index, 7919) >>> 2);
    if (same(recall(memory, other).words, sentence)) counts.changed++;
    if (same(table.get(other.join(" ")) ?? [], sentence)) counts.known++;
  }
  yield shareRow(`${title}: recalled word for word`, counts.words, sentences.length);
  yield shareRow(`${title}: identity`, counts.identity, sentences.length);
  yield shareRow(`${title}: one word of the prompt changed`, counts.changed, sentences.length);
  yield shareRow(`${title}: lookup table`, counts.told, sentences.length);
  yield shareRow(`${title}: lookup table, one word changed`, counts.known, sentences.length);
}

/** The way from the cold start to the last sentence, at its tenths. */
function* rewardRows(sentences: readonly Sentence[]): Generator<GraphRow> {
  const curve = [...learnFromReward(sentences, SMALL_PROMPT, rewardRecipe)];
  for (let tenth = 0; tenth <= 10; tenth++) {
    const { round, right, routes } = curve[Math.round((tenth / 10) * (curve.length - 1))]!;
    const beside = `round ${round}, ${routes} routes`;
    yield { name: "20 sentences from reward alone", value: right / sentences.length, unit: "%", beside };
  }
}

function allChanges(sentence: Sentence): Sentence[] {
  const opening = sentence.slice(0, SMALL_PROMPT);
  const classes = [smallLexicon.determiners, smallLexicon.adjectives, smallLexicon.adjectives];
  return opening.flatMap((word, place) =>
    classes[place]!.filter((other) => other !== word).map((other) =>
      opening.map((kept, i) => (i === place ? other : kept)),
    ),
  );
}

function same(a: Sentence, b: Sentence): boolean {
  return a.length === b.length && a.every((word, i) => word === b[i]);
}
