import { automatonProgram, integerProgram } from "@ganglion/kernels";
import type { AutomatonShape, IntegerMatrix, MixtureWeights } from "@ganglion/kernels";
import { exactAnswers, gary, readDigits } from "@ganglion/models";
import type { AdderParams, Problems } from "@ganglion/models";
import { add, broadcastTo, compile, fromData, key, stack, valueAndGrad, zeros } from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";
import { adamW, applyUpdates, chain, clipByGlobalNorm, crossEntropy } from "@ganglion/train";
import { contender } from "../measure/race.ts";
import type { Contender } from "../measure/race.ts";
import { AUTOMATON, trained } from "../work/automaton.ts";

const { channels, experts, topK, hidden } = gary.config;
const { cells } = AUTOMATON;
const seen = Array.from({ length: cells }, (_, cell) => [cell - 1, cell, cell + 1 < cells ? cell + 1 : -1]);
const neighbours = Int32Array.from(seen.flat());
const shape: AutomatonShape = { cells, neighbourhood: 3, neighbours, channels, hidden, experts, topK };

/** A roll-out of sums in a kernel. */
export interface RollOut extends Contender {
  /** State after the last step, and how many updates of cells that took. */
  run(): { readonly state: Float32Array; readonly fired: number };
}

/** How a roll-out computes. */
export interface RollOutConfig {
  readonly arithmetic: "float32" | "int8";
  readonly masks: readonly Uint8Array[];
  /** Only cells that see news fire, `int8` only. */
  readonly threshold?: number;
}

/** Sums in the kernel that `@ganglion/nca` runs them in. */
export function rollOut(name: string, problems: Problems, { arithmetic, masks, threshold }: RollOutConfig): RollOut {
  const inputs = gary.embed(trained, problems).data as Float32Array;
  const batch = inputs.length / (cells * channels);
  const job = { batch, state: new Float32Array(inputs.length), inputs, masks };
  let run: RollOut["run"];
  if (arithmetic === "float32") {
    const program = automatonProgram(shape);
    program.load(weightsOf(trained));
    const fired = masks.reduce((total, mask) => total + mask.reduce((sum, fires) => sum + fires, 0), 0);
    run = () => ({ state: program.run(job).states[0]!, fired });
  } else {
    const program = integerProgram(shape);
    program.load(integersOf(weightsOf(trained), inputs));
    run = () => program.run({ ...job, threshold });
  }
  return { ...contender(name, () => meanSize(run().state)), run };
}

/** Share of the sums of which a state shows all digits. */
export function rightShare(state: Float32Array, problems: Problems): number {
  const answers = exactAnswers(problems).data;
  const batch = answers.length / cells;
  const digits = readDigits({ adder: gary, params: trained }, fromData(state, [batch, cells, channels])).data;
  let right = 0;
  for (let first = 0; first < answers.length; first += cells) {
    let agree = true;
    for (let i = first; i < first + cells; i++) agree &&= digits[i] === answers[i];
    if (agree) right++;
  }
  return right / batch;
}

/** A step of a training: the loss of all steps, gradients, clipping, AdamW. */
export function trainingStep(problems: Problems, masks: readonly Uint8Array[]): Contender {
  const batch = problems.a.shape[0]!;
  const optimiser = chain(
    clipByGlobalNorm(1),
    adamW({ learningRate: 0.003, beta1: 0.9, beta2: 0.99, weightDecay: 0.05 }),
  );
  const answers = broadcastTo(exactAnswers(problems), [masks.length, batch, cells]);
  const schedule = { name: "known", fired: ({ step }: { readonly step: number }) => masks[step]! };
  const start = zeros([batch, cells, channels]);
  const score = compile((readOut: AdderParams["readOut"], states: readonly Tensor[], expected: Tensor) =>
    crossEntropy(gary.readOut({ ...trained, readOut }, stack(states)), expected),
  );
  const automaton = gary.automaton(cells);
  const loss = (params: AdderParams): Tensor => {
    const options = {
      steps: masks.length,
      key: key(0),
      schedule,
      inputs: gary.embed(params, problems),
      keep: true,
    } as const;
    const { states, losses } = automaton.rollout(params.rule, start, options);
    return add(score(params.readOut, states, answers), losses["balance"]!);
  };
  let params = trained;
  let state = optimiser.init(params);
  return contender("ganglion", () => {
    const { value, grads } = valueAndGrad(loss)(params);
    const change = optimiser.update(grads, state, params);
    params = applyUpdates(params, change.updates);
    state = change.state;
    return value.item();
  });
}

function meanSize(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.abs(values[i]!);
  return sum / values.length;
}

function weightsOf({ rule: { router, experts: named } }: AdderParams): MixtureWeights {
  const tensors = { routerWeight: router.weight, routerBias: router.bias, ...named };
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { data }]) => [name, data]),
  ) as unknown as MixtureWeights;
}

function integersOf(weights: MixtureWeights, inputs: Float32Array) {
  return {
    router: quantized(weights.routerWeight, weights.routerBias, experts, 1),
    first: quantized(weights.w1, weights.b1, hidden, experts),
    second: quantized(weights.w2, weights.b2, channels, experts),
    inputRange: inputs.reduce((most, x) => Math.max(most, Math.abs(x)), 0),
  };
}

/** Int8 codes with a scale for each column of each of several matrices. */
function quantized(values: Float32Array, bias: Float32Array, width: number, matrices: number): IntegerMatrix {
  const size = values.length / matrices;
  const column = (index: number): number => Math.floor(index / size) * width + (index % width);
  const scales = new Float32Array(width * matrices);
  for (const [index, value] of values.entries()) {
    scales[column(index)] = Math.max(scales[column(index)]!, Math.abs(value) / 127);
  }
  return { codes: Int8Array.from(values, (value, index) => Math.round(value / scales[column(index)]!)), scales, bias };
}
