import { read } from "@ganglion/adders";
import {
  flattenTree,
  fromData,
  key,
  logSoftmax,
  mean,
  mul,
  neg,
  oneHot,
  slice,
  sum,
  valueAndGrad,
} from "@ganglion/tensor";
import type { Tensor, Tree } from "@ganglion/tensor";
import { describe, expect, test } from "vitest";
import { arc62Recipe } from "../../src/transformers/arc62/recipe.ts";
import { lowRank311Recipe } from "../../src/transformers/lowRank311/recipe.ts";
import { drawExamples } from "../../src/transformers/tabled/examples.ts";
import { tabledGradient } from "../../src/transformers/tabled/gradient.ts";
import { trainTabled } from "../../src/transformers/tabled/train.ts";
import type { TabledProgress, TabledRecipe } from "../../src/transformers/tabled/train.ts";

const EXAMPLES = 9;

function judged<Params extends Tree>(recipe: TabledRecipe<Params>): void {
  const { plan, tokeniser, weights, initialise } = recipe;
  const { prompt, answer, template } = tokeniser;
  const width = prompt + answer;
  const like = initialise(key(4));
  const digits = new Uint8Array(EXAMPLES * width);
  drawExamples(key(5), EXAMPLES, { digits: 10, carrying: 0.5, sparse: { share: 0.3, zeros: 0.6 } }, tokeniser, digits);

  test("has the loss and the gradient of the plain parts", () => {
    const tokens = Int32Array.from(digits, (digit, at) => {
      const allowed = template[at % width]!;
      return allowed.length === 1 ? allowed[0]! : digit;
    });
    const right = oneHot(
      fromData(
        Int32Array.from({ length: EXAMPLES * answer }, (_, at) => {
          return digits[Math.floor(at / answer) * width + prompt + (at % answer)]!;
        }),
        [EXAMPLES, answer],
      ),
      plan.vocabulary,
      "float64",
    );
    const loss = (params: Params): Tensor => {
      const { logits } = read(plan, weights(params), fromData(tokens, [EXAMPLES, width]));
      return neg(mean(sum(mul(logSoftmax(slice(logits, [null, [prompt - 1, width - 1]])), right), -1)));
    };
    const { value, grads } = valueAndGrad(loss)(like);
    const { run, length } = tabledGradient({ ...recipe, like });
    const flat = Float64Array.from(flattenTree(like).leaves.flatMap(({ data }) => Array.from(data)));
    const gradient = new Float64Array(length);
    expect(run(flat, digits, gradient).loss).toBeCloseTo(value.item(), 12);
    const wanted = flattenTree(grads).leaves.flatMap(({ data }) => Array.from(data));
    expect(wanted).toHaveLength(length);
    for (const [index, each] of wanted.entries()) {
      expect(Math.abs(gradient[index]! - each), String(index)).toBeLessThanOrEqual(1e-10 * (1 + Math.abs(each)));
    }
  });

  test("is trained on right sums, with digits at their places", () => {
    for (let at = 0; at < digits.length; at += width) {
      const numbers = tokeniser.decode(digits, at);
      const operand = (from: number): number =>
        Array.from({ length: 10 }, (_, place) => digits[at + from + place]! * 10 ** place).reduce((x, y) => x + y);
      const places = template.flatMap((allowed, place) => (allowed.length > 1 && place < prompt ? [place] : []));
      expect(Number(numbers)).toBe(operand(places[0]!) + operand(places[10]!));
    }
  });

  test("goes on exactly where it stopped", () => {
    const phase = { ...recipe.phases[0]!, batch: 16, tried: 20 };
    const small = { ...recipe, phases: [phase] };
    const take = (steps: Generator<TabledProgress>): TabledProgress => steps.next().value as TabledProgress;
    const whole = trainTabled(small, { seed: 3, every: 5 });
    const first = take(whole);
    const from = JSON.parse(JSON.stringify(first)) as TabledProgress;
    expect(take(trainTabled(small, { from, every: 5 }))).toEqual(take(whole));
    expect(first.mistakes.length).toBeGreaterThan(0);
  });
}

describe("the training of 62 parameters", () => {
  judged(arc62Recipe);
});

describe("the training of 311 parameters", () => {
  judged(lowRank311Recipe);
});
