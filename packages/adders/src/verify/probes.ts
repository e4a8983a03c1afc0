import { argmax, fromData, mul, slice } from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";
import type { TransformerAdder } from "../adder.ts";
import { decode } from "../decode.ts";
import { mersenneTwister } from "../protocol/mersenne.ts";
import { randomCases } from "../protocol/cases.ts";
import type { Pair } from "../protocol/cases.ts";
import { evaluator } from "./evaluate.ts";
import { read } from "../transformer.ts";

/** What tells a transformer that adds from a program that pretends to be one. */
export interface Probes {
  /** No change of a later token changes an earlier logit. */
  readonly causal: boolean;
  /** Decoding beside cached keys and values gives the logits of a reading of everything, bit for bit. */
  readonly cachedEqualsRecomputed: boolean;
  /** Share of right sums when attention gives nothing. */
  readonly withoutAttention: number;
  /** Share of right digits when each digit is predicted after wrong ones. */
  readonly afterWrongTokens: number;
}

const CASES = 40;

/** Probes an adder with a few dozen random sums. */
export function probe(adder: TransformerAdder): Probes {
  const pairs = randomCases(CASES, 7n);
  const { plan, weights, tokeniser } = adder;
  const { prompt, answer } = tokeniser;
  const prompts = promptsOf(adder, pairs);
  const cached: Tensor[] = [];
  const whole = decode(plan, weights, prompts, {
    steps: answer,
    onReading: ({ logits }) => cached.push(slice(logits, [null, [-1, logits.shape[1]!]])),
  });
  const fed = slice(whole, [null, [0, prompt + answer - 1]]);
  const plain = read(plan, weights, fed).logits;
  return {
    causal: isCausal(adder, fed, plain),
    cachedEqualsRecomputed: cached.every((logits, step) =>
      same(logits, slice(plain, [null, [prompt - 1 + step, prompt + step]])),
    ),
    withoutAttention: withoutAttention(adder, pairs),
    afterWrongTokens: afterWrongTokens(adder, fed, whole),
  };
}

/** Prompts as int32 `[pairs, prompt]`. */
function promptsOf({ tokeniser }: TransformerAdder, pairs: readonly Pair[]): Tensor {
  const { prompt } = tokeniser;
  const tokens = new Uint8Array(pairs.length * prompt);
  for (const [index, [a, b]] of pairs.entries()) tokeniser.encode(a, b, tokens, index * prompt);
  return fromData(Int32Array.from(tokens), [pairs.length, prompt]);
}

function isCausal({ plan, weights, tokeniser }: TransformerAdder, fed: Tensor, plain: Tensor): boolean {
  const random = mersenneTwister(12n);
  const [rows, length] = fed.shape as [number, number];
  for (const cut of [1, tokeniser.prompt - 1, tokeniser.prompt, length - 1]) {
    const changed = Int32Array.from(fed.data, (token, at) => {
      const place = at % length;
      const allowed = tokeniser.template[place]!;
      return place < cut ? token : allowed[random() % allowed.length]!;
    });
    const { logits } = read(plan, weights, fromData(changed, [rows, length]));
    if (!same(slice(logits, [null, [0, cut]]), slice(plain, [null, [0, cut]]))) return false;
  }
  return true;
}

function withoutAttention(adder: TransformerAdder, pairs: readonly Pair[]): number {
  const layers = adder.weights.layers.map((layer) => ({ ...layer, output: mul(layer.output, 0) }));
  const answers = evaluator({ ...adder, weights: { ...adder.weights, layers } }).answers(pairs);
  return answers.filter((sum, index) => Number(sum) === pairs[index]![0] + pairs[index]![1]).length / pairs.length;
}

function afterWrongTokens({ plan, weights, tokeniser }: TransformerAdder, fed: Tensor, whole: Tensor): number {
  const { prompt, answer, template } = tokeniser;
  const [rows, length] = fed.shape as [number, number];
  const wrong = Int32Array.from(fed.data, (token, at) => {
    const place = at % length;
    if (place < prompt) return token;
    const allowed = template[place]!;
    return allowed[(allowed.indexOf(token) + Math.floor(allowed.length / 2)) % allowed.length]!;
  });
  const { logits } = read(plan, weights, fromData(wrong, [rows, length]));
  const predicted = argmax(slice(logits, [null, [prompt, length]]), -1).data;
  const expected = slice(whole, [null, [prompt + 1, length + 1]]).data;
  const right = Array.from(predicted).filter((token, at) => token === expected[at]).length;
  return right / (rows * (answer - 1));
}

const same = (a: Tensor, b: Tensor): boolean =>
  a.data.every((value, index) => Object.is(value, b.data[index]) || value === b.data[index]);
