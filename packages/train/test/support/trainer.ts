import { existsSync } from "node:fs";
import { join } from "node:path";
import { key, matmul, normal, relu, split, tensor, valueAndGrad } from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";
import { adamW, applyUpdates, chain, clipByGlobalNorm, cosine, ema, fit, meanSquaredError } from "../../src/index.ts";
import type { EmaState, StepContext, StepResult } from "../../src/index.ts";
import { openRun } from "../../src/node.ts";

type Params = { readonly w1: Tensor; readonly w2: Tensor };
type State = {
  readonly params: Params;
  readonly optimiser: ReturnType<typeof optimiser.init>;
  readonly average: EmaState;
};

const width = 64;
const optimiser = chain(clipByGlobalNorm(1), adamW({ learningRate: cosine({ peak: 0.01, steps: 500, warmup: 5 }) }));
const average = ema(0.98);

function begin(): State {
  const [a, b] = split(key(3));
  const params = { w1: normal(a!, [width, width], { deviation: 0.1 }), w2: normal(b!, [width, 1]) };
  return { params, optimiser: optimiser.init(params), average: average.init(params) };
}

function step(state: State, { key: own }: StepContext): StepResult<State> {
  const x = normal(own, [8, width]);
  const target = tensor(Array.from({ length: 8 }, (_, row) => [Math.abs(x.data[row * width]!)]));
  const loss = (params: Params): Tensor => meanSquaredError(matmul(relu(matmul(x, params.w1)), params.w2), target);
  const { value, grads } = valueAndGrad(loss)(state.params);
  const made = optimiser.update(grads, state.optimiser, state.params);
  const params = applyUpdates(state.params, made.updates);
  const next = { params, optimiser: made.state, average: average.update(state.average, params) };
  return { state: next, metrics: { loss: value.item() } };
}

/** Begins or resumes a training run for the crash tests; also as a program: `node trainer.ts FOLDER STEPS`. */
export async function train(folder: string, steps: number): Promise<State> {
  const run = await openRun(folder, { config: { width }, resume: existsSync(join(folder, "config.json")) });
  const { state } = await fit({
    state: (run.checkpoint?.tree as State | undefined) ?? begin(),
    step,
    steps,
    key: key(4),
    start: run.step,
    onStep: async (event) => {
      await run.log(event.step, event.metrics);
      if (process.argv[1] === import.meta.filename) process.stdout.write(`${event.step}\n`);
    },
    checkpoint: { every: 2, save: run.save },
  });
  await run.close();
  return state;
}

if (process.argv[1] === import.meta.filename) await train(process.argv[2]!, Number(process.argv[3]));
