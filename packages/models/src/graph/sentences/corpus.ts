import { foldIn, key } from "@ganglion/tensor";
import { draws } from "../random.ts";

/** Words of a sentence, in their order. */
export type Sentence = readonly string[];

/** Word classes of the corpora, as their maker knows them; no model sees them. */
export interface Lexicon {
  readonly determiners: readonly string[];
  readonly adjectives: readonly string[];
  readonly nouns: readonly string[];
  readonly verbs: readonly string[];
  readonly prepositions: readonly string[];
}

/** Everyday words for twenty sentences. */
export const smallLexicon: Lexicon = {
  determiners: ["the", "a", "every", "this"],
  adjectives: "small red old happy quiet green tall clever brave soft cold bright hungry young".split(" "),
  nouns: "cat dog bird fox child river house garden tree boat wall stone".split(" "),
  verbs: "sleeps runs sings hides waits jumps".split(" "),
  prepositions: ["near", "under", "behind", "beside", "above"],
};

/** Invented words, so many that thousands of sentences differ. */
export const largeLexicon: Lexicon = {
  determiners: ["the", "a", "every", "this", "some", "each"],
  adjectives: invented(400, "y"),
  nouns: invented(600, "en"),
  verbs: invented(200, "ates"),
  prepositions: ["near", "under", "behind", "beside", "above", "below", "around", "against"],
};

/**
 * Random sentences of one shape: DET ADJ ADJ NOUN VERB PREP DET ADJ NOUN, all with different openings.
 *
 * @param opening words by which the sentences differ
 */
export function corpus(
  lexicon: Lexicon,
  count: number,
  { seed = 1, opening = 3 }: { readonly seed?: number; readonly opening?: number } = {},
): Sentence[] {
  const { determiners, adjectives, nouns, verbs, prepositions } = lexicon;
  const shape = [determiners, adjectives, adjectives, nouns, verbs, prepositions, determiners, adjectives, nouns];
  const random = draws(foldIn(key(seed), 3));
  const sentences = new Map<string, Sentence>();
  while (sentences.size < count) {
    const sentence: string[] = [];
    for (const words of shape) {
      const fresh = words === determiners ? words : words.filter((word) => !sentence.includes(word));
      sentence.push(fresh[random.below(fresh.length)]!);
    }
    const start = sentence.slice(0, opening).join(" ");
    if (!sentences.has(start)) sentences.set(start, sentence);
  }
  return [...sentences.values()];
}

/**
 * A prompt with one of its words exchanged for another of the same class.
 *
 * @param place word that is exchanged
 * @param choice decides by which one
 */
export function changedPrompt(lexicon: Lexicon, prompt: Sentence, place: number, choice: number): Sentence {
  const words = [lexicon.determiners, lexicon.adjectives, lexicon.adjectives, lexicon.nouns][place]!;
  const others = words.filter((word) => word !== prompt[place]);
  return prompt.map((word, i) => (i === place ? others[choice % others.length]! : word));
}

function invented(count: number, ending: string): string[] {
  const [first, second] = ["bdfgklmnprstvz", "aeiou"];
  return Array.from({ length: count }, (_, i) => {
    const syllables = [i % 70, Math.floor(i / 70) + 7 * (i % 5)];
    const stem = syllables.map((at) => `${first[at % 14]}${second[Math.floor(at / 14) % 5]}`).join("");
    return `${stem}${first[i % 13]}${ending}`;
  });
}
