import { delta, effectiveRate, modulate, restingLevel } from "@ganglion/neurons";
import { foldIn, key } from "@ganglion/tensor";
import { draws } from "../random.ts";
import type { Draws } from "../random.ts";
import type { Sentence } from "./corpus.ts";
import { hearOpening, recall, sentenceMemory, tie, tokens } from "./memory.ts";
import type { SentenceMemory } from "./memory.ts";

/** How a memory learns from reward alone. */
export interface RewardRecipe {
  /** Most rounds; in each, every sentence is tried once, up to the first wrong word. */
  readonly rounds: number;
  /** Share of tries in which a known successor of the last word is said rather than any word, in [0, 1]. */
  readonly follow: number;
  readonly seed: number;
}

/** The recipe of the curve in the card. */
export const rewardRecipe: RewardRecipe = { rounds: 1500, follow: 0.5, seed: 1 };

/** One point of the curve. */
export interface Growth {
  readonly round: number;
  /** Sentences that were said to the end. */
  readonly right: number;
  /** Synapses from episodes to words, and from words to their successors. */
  readonly routes: number;
  /** Level of the modulator. */
  readonly level: number;
}

/**
 * Learns to say sentences of which it has heard nothing but the openings: it tries words, and learns from being told
 * "right" or "wrong" after each. A right word grows a route from the episode to it, and one from the word before.
 *
 * @yields after every round, beginning with the cold start; ends when all sentences are said
 */
export function* learnFromReward(
  sentences: readonly Sentence[],
  prompt: number,
  recipe: RewardRecipe,
): Generator<Growth, SentenceMemory> {
  const memory = sentenceMemory(prompt);
  const { graph } = memory;
  const random = draws(foldIn(key(recipe.seed), 4));
  const answers = sentences.map((sentence) => tokens(memory, sentence));
  const vocabulary = [...new Set(answers.flat())];
  const episodes = sentences.map((sentence) => hearOpening(memory, sentence));
  const cues = graph.synapses;
  let level = restingLevel;
  for (let round = 0; round <= recipe.rounds; round++) {
    let right = 0;
    for (const [index, sentence] of sentences.entries()) {
      const { words } = recall(memory, sentence.slice(0, prompt), sentence.length);
      const tried = answers[index]!;
      if (words.length === sentence.length) right++;
      if (round === 0 || words.length === sentence.length) continue;
      const before = words.length === 0 ? undefined : tried[words.length - 1]!;
      const guess = babble(memory, random, vocabulary, before, recipe.follow);
      const reward = guess === tried[words.length] ? 1 : -0.02;
      level = modulate(level, reward);
      if (reward > 0) tie(memory, episodes[index]!, guess, words.length);
      if (before !== undefined) follow(memory, before, guess, reward, effectiveRate(0.3, level));
    }
    yield { round, right, routes: graph.synapses - cues, level };
    if (right === sentences.length) break;
  }
  graph.compact();
  return memory;
}

/** A word to try: one that has followed the last word before, or any. */
function babble(
  { graph }: SentenceMemory,
  random: Draws,
  vocabulary: readonly number[],
  before: number | undefined,
  follows: number,
): number {
  if (before !== undefined && random.uniform() < follows) {
    const known = [...graph.synapsesOf(before)].filter(({ relation, weight }) => relation === "follows" && weight > 0);
    if (known.length > 0) return known[random.below(known.length)]!.to;
  }
  return vocabulary[random.below(vocabulary.length)]!;
}

/** Strengthens or weakens the route between two words by the reward; only a right word grows a new one. */
function follow({ graph }: SentenceMemory, before: number, next: number, reward: number, rate: number): void {
  if (before === next || (reward < 0 && graph.weight(before, next, "follows") === undefined)) return;
  const pre = { neurons: Uint32Array.of(before), activations: Float32Array.of(1) };
  delta(graph, pre, [[next, reward]], { relation: "follows", rate, low: 0, high: 1 });
}
