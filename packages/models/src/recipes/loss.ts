import { bernoulli, synchronous } from "@ganglion/nca";
import { add, argmax, broadcastTo, compile, reshape, slice, stack, tensor } from "@ganglion/tensor";
import type { Key, Tensor } from "@ganglion/tensor";
import { crossEntropy } from "@ganglion/train";
import { utilisation } from "@ganglion/moe";
import { readOut } from "../adder/adder.ts";
import type { Adder, AdderParams } from "../adder/adder.ts";
import { embed } from "../adder/embed.ts";
import { exactAnswers } from "../oracle/exact.ts";
import { fakeQuantized } from "../weights/bytes.ts";
import type { Problems } from "../problems/problems.ts";

/** What a training looks at beside the loss. */
export type Observed = {
  /** State after the last step, `[batch, cells, channels]`. */
  readonly state: Tensor;
  /** Share of problems whose digits are all right after the last step. */
  readonly exact: Tensor;
  /** Share of the work that the most and the least busy expert did. */
  readonly busiest: Tensor;
  readonly idlest: Tensor;
};

/**
 * Cross-entropy of the digits of all cells after every step of a short run, plus the balance loss.
 *
 * @param drawn problems with the states they start from
 * @param config steps to run, firing rate (1: all cells at once), randomness of the firing, and the largest code of the
 *   int8 weights that the run shall be made with
 */
export function lossOf(
  trained: AdderParams,
  adder: Adder,
  { problems, states: start }: { readonly problems: Problems; readonly states: Tensor },
  {
    steps,
    rate,
    key,
    levels,
  }: { readonly steps: number; readonly rate: number; readonly key: Key; readonly levels?: number | undefined },
): readonly [Tensor, Observed] {
  const params = levels === undefined ? trained : fakeQuantized(trained, levels);
  const automaton = adder.automaton(problems.a.shape[1]!);
  const { digits: tables, operations, positions } = params;
  const inputs = embedded({ digits: tables, operations, positions }, problems);
  const schedule = rate === 1 ? synchronous() : bernoulli(rate);
  const options = { steps, key, inputs, schedule, keep: true, lend: true } as const;
  const { state, states, infos, losses } = automaton.rollout(params.rule, start, options);
  const asked = infos.flatMap((info) => info["experts"] ?? []);
  const answers = exactAnswers(problems);
  const { loss, digits } = score(params.readOut, stack(states), answers);
  const { shares } = utilisation(asked, adder.config.experts);
  return [
    losses["balance"] === undefined ? loss : add(loss, losses["balance"]),
    {
      state,
      exact: tensor(exactShare(digits, answers)),
      busiest: tensor(Math.max(...shares)),
      idlest: tensor(Math.min(...shares)),
    },
  ];
}

/** What the cells see of problems of one size. */
const embedded = compile(embed);

/** Cross-entropy of what cells show after each step, and the digits after the last one, `[batch, cells]`. */
const score = compile(
  (parameters: AdderParams["readOut"], states: Tensor, answers: Tensor) => {
    const logits = readOut(parameters, states);
    const [steps, ...shape] = logits.shape as [number, ...number[]];
    const last = reshape(slice(logits, [[steps - 1, steps]]), shape);
    return {
      loss: crossEntropy(logits, broadcastTo(answers, [steps, ...answers.shape])),
      digits: argmax(last),
    };
  },
  { lend: true },
);

/** Share of rows in which all digits agree. */
function exactShare(shown: Tensor, answers: Tensor): number {
  const [rows, cells] = answers.shape as [number, number];
  let right = 0;
  for (let row = 0; row < rows; row++) {
    let agrees = true;
    for (let index = row * cells; index < (row + 1) * cells; index++)
      agrees &&= shown.data[index] === answers.data[index];
    if (agrees) right++;
  }
  return right / rows;
}
