import type { Schedule } from "@ganglion/nca";
import { add, broadcastTo, compile, key, stack, uniform, valueAndGrad, zeros } from "@ganglion/tensor";
import type { Tensor, Tree } from "@ganglion/tensor";
import { adamW, applyUpdates, chain, clipByGlobalNorm, crossEntropy } from "@ganglion/train";
import type { AdderParams } from "../adder/adder.ts";
import { embed } from "../adder/embed.ts";
import { exactAnswers } from "../oracle/exact.ts";
import type { Problems } from "../problems/problems.ts";
import { integersOf } from "../solve/integers.ts";
import { arithmeticOf } from "../solve/run.ts";
import type { Model } from "../solve/run.ts";
import { contender } from "./race.ts";
import type { Contender } from "./race.ts";

/** Roll-outs of sums. */
export interface RollOut extends Contender {
  /** State after the last step `[n, cells, channels]`, and how many updates of cells that took. */
  run(): { readonly state: Tensor; readonly fired: number };
}

/** How sums are worked on. */
export interface RollOutConfig {
  /** Who fires, `[n * cells]` for every step. */
  readonly masks: readonly Uint8Array[];
  /** A cell waits until something that it sees has moved by more than this; in integers only. */
  readonly news?: number | undefined;
}

/** The cells of a model at work on sums, in the model's arithmetic; the first result is the mean size of a state. */
export function rollOut(name: string, model: Model, problems: Problems, { masks, news }: RollOutConfig): RollOut {
  const { adder, params, fused } = model;
  const [batch, cells] = problems.a.shape as [number, number];
  const options = {
    inputs: adder.embed(params, problems),
    steps: masks.length,
    schedule: known(masks),
    key: key(0),
    losses: false,
  };
  const start = zeros([batch, cells, adder.config.channels]);
  const run: RollOut["run"] =
    arithmeticOf(model) === "int8"
      ? () => integersOf(model, cells).rollout(start, { ...options, news })
      : () => adder.automaton(cells, { fused }).rollout(params.rule, start, options);
  return { ...contender(name, () => meanSize(run().state)), run };
}

/** A step of a training: the loss after every step of a run, its gradients, clipping, AdamW; returns the loss before it. */
export function trainingStep(
  name: string,
  { adder, params: trained }: Model,
  problems: Problems,
  masks: readonly Uint8Array[],
): Contender {
  const [batch, cells] = problems.a.shape as [number, number];
  const optimiser = chain(
    clipByGlobalNorm(1),
    adamW({ learningRate: 0.003, beta1: 0.9, beta2: 0.99, weightDecay: 0.05 }),
  );
  const answers = broadcastTo(exactAnswers(problems), [masks.length, batch, cells]);
  const options = { steps: masks.length, key: key(0), schedule: known(masks), keep: true, lend: true } as const;
  const start = zeros([batch, cells, adder.config.channels]);
  const automaton = adder.automaton(cells);
  const score = compile(
    (readOut: AdderParams["readOut"], states: Tensor, expected: Tensor) =>
      crossEntropy(adder.readOut({ ...trained, readOut }, states), expected),
    { lend: true },
  );
  const embedded = compile(embed);
  const advance = compile((grads: AdderParams, params: AdderParams, remembered: readonly Tree[]) => {
    const change = optimiser.update(grads, remembered, params);
    return { params: applyUpdates(params, change.updates), state: change.state };
  });
  const loss = (params: AdderParams): Tensor => {
    const { digits, operations, positions } = params;
    const inputs = embedded({ digits, operations, positions }, problems);
    const { states, losses } = automaton.rollout(params.rule, start, { ...options, inputs });
    return add(score(params.readOut, stack(states), answers), losses["balance"]!);
  };
  let after = { params: trained, state: optimiser.init(trained) };
  return contender(name, () => {
    const { value, grads } = valueAndGrad(loss)(after.params);
    after = advance(grads, after.params, after.state);
    return value.item();
  });
}

/** Every cell fires with a probability `p`, `[n * cells]` for every step. */
export function masksOf(places: number, steps: number, p: number): Uint8Array[] {
  return Array.from({ length: steps }, (_, step) =>
    Uint8Array.from(uniform(key(step), [places]).data, (draw) => (draw < p ? 1 : 0)),
  );
}

/** The schedule of which it is known who fires. */
export function known(masks: readonly Uint8Array[]): Schedule {
  return { name: "known", fired: ({ step }) => masks[step]! };
}

function meanSize({ data }: Tensor): number {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += Math.abs(data[i]!);
  return sum / data.length;
}
