import type { TransformerAdder } from "../adder.ts";
import type { Pair } from "../protocol/cases.ts";
import { specialise } from "../specialise/specialise.ts";
import type { Specialised } from "../specialise/specialise.ts";
import type { Whole } from "../tokens/tokeniser.ts";

/** A case that went wrong. */
export interface Mistake {
  readonly a: Whole;
  readonly b: Whole;
  readonly expected: string;
  readonly answer: string;
}

/** How one list of cases went. */
export interface SuiteResult {
  readonly name: string;
  readonly cases: number;
  readonly right: number;
  /** The first few. */
  readonly mistakes: readonly Mistake[];
}

const KEPT = 5;

/** An adder that is ready to be asked. */
export interface Evaluator {
  readonly adder: TransformerAdder;
  readonly specialised: Specialised;
  /** Answers pairs, in order. */
  answers(pairs: readonly Pair[]): Whole[];
}

/** Prepares an adder: its program, and room for a batch. */
export function evaluator(adder: TransformerAdder): Evaluator {
  const { tokeniser } = adder;
  const specialised = specialise(adder.plan, adder.weights, tokeniser);
  const { length } = specialised;
  let tokens = new Uint8Array(0);
  return {
    adder,
    specialised,
    answers(pairs) {
      if (tokens.length < pairs.length * length) tokens = new Uint8Array(pairs.length * length);
      for (const [index, [a, b]] of pairs.entries()) tokeniser.encode(a, b, tokens, index * length);
      specialised.run(tokens, pairs.length);
      return pairs.map((_, index) => tokeniser.decode(tokens, index * length));
    },
  };
}

/** Compares answers with sums. */
export function judge(name: string, pairs: readonly Pair[], answers: readonly (Whole | string)[]): SuiteResult {
  const mistakes: Mistake[] = [];
  let right = 0;
  for (const [index, [a, b]] of pairs.entries()) {
    const answer = String(answers[index]);
    const expected = String(a + b);
    if (answer === expected) right++;
    else if (mistakes.length < KEPT) mistakes.push({ a, b, expected, answer });
  }
  return { name, cases: pairs.length, right, mistakes };
}

/** Least lead of a chosen logit over the next best, and how many choices were ties. */
export function margins(
  { adder: { tokeniser }, specialised }: Evaluator,
  pairs: readonly Pair[],
): { readonly margin: number; readonly ties: number } {
  const { length, logits: width } = specialised;
  const tokens = new Uint8Array(pairs.length * length);
  const logits = new Float64Array(pairs.length * tokeniser.answer * width);
  for (const [index, [a, b]] of pairs.entries()) tokeniser.encode(a, b, tokens, index * length);
  specialised.observe(tokens, pairs.length, logits);
  let [margin, ties] = [Infinity, 0];
  for (let at = 0; at < logits.length; at += width) {
    let [best, second] = [-Infinity, -Infinity];
    for (let i = at; i < at + width; i++) {
      const logit = logits[i]!;
      if (logit > best) [best, second] = [logit, best];
      else if (logit > second) second = logit;
    }
    margin = Math.min(margin, best - second);
    if (best === second) ties++;
  }
  return { margin, ties };
}
