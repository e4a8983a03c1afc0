import { join } from "node:path";
import type { Definition, TrainingState } from "@ganglion/models";
import type { FitResult } from "@ganglion/train";
import type { RunSettings } from "./runFolder.ts";
import { progress } from "./terminal/progress.ts";
import { writeBytes } from "./write.ts";

const MINE_EVERY = 50;
const SAVE_EVERY = 250;

/** Where a training is kept, and when it pauses. */
export interface Burst {
  readonly folder: string;
  readonly resume: boolean;
  /** Seconds after which it stops. */
  readonly limit: number | undefined;
}

/** How a burst of training ended. */
export interface Outcome {
  /** Updates done, in all bursts. */
  readonly step: number;
  /** Updates of the whole training. */
  readonly updates: number;
  readonly stopped: FitResult<TrainingState>["stopped"];
  /** Weights that were written; none before the end. */
  readonly files: readonly string[];
}

/** Trains until the end, the limit or Ctrl-C; a checkpoint makes the next burst go on exactly there. */
export async function trainBurst(
  { adder }: Definition,
  settings: RunSettings,
  { folder, resume, limit }: Burst,
): Promise<Outcome> {
  const { encodeWeights, levelsOf, load, trainer } = await import("@ganglion/models");
  const { foldIn, key } = await import("@ganglion/tensor");
  const { fit } = await import("@ganglion/train");
  const { openRun } = await import("@ganglion/train/node");
  const { name } = adder.config;
  const levels = levelsOf(settings.recipe);
  // what trains for codes goes on from the weights that ship
  const start = levels === undefined ? {} : { start: (await load(name, { precision: "float32" })).params };
  const training = trainer(settings.recipe, adder, { ...(settings.mine ? { mineEvery: MINE_EVERY } : {}), ...start });
  const root = key(settings.recipe.seed);
  const run = await openRun(folder, { config: JSON.parse(JSON.stringify(settings)), resume });
  for (const warning of run.warnings) process.stderr.write(`${warning}\n`);
  const stop = new AbortController();
  const abort = (): void => stop.abort();
  process.once("SIGINT", abort);
  process.once("SIGTERM", abort);
  const { updates } = training;
  const told = progress(process.stderr, updates, run.step, limit);
  try {
    const { state, step, stopped } = await fit<TrainingState>({
      state: (run.checkpoint?.tree as TrainingState | undefined) ?? training.init(foldIn(root, 0)),
      step: (before, at) => training.step(before, at),
      start: run.step,
      steps: updates,
      key: foldIn(root, 1),
      seconds: limit,
      signal: stop.signal,
      checkpoint: { every: SAVE_EVERY, save: (at, reached) => run.save(at, reached) },
      async onStep({ step: at, metrics, seconds }) {
        await run.log(at, metrics);
        told.update(at, metrics, seconds);
      },
    });
    told.end();
    if (stopped !== "finished") return { step, updates, stopped, files: [] };
    const files = { int8: join(folder, `${name}.ganglion`), float32: join(folder, `${name}.float32.ganglion`) };
    for (const precision of ["int8", "float32"] as const) {
      await writeBytes("train", files[precision], encodeWeights(adder, training.weights(state), { precision, levels }));
    }
    return { step, updates, stopped, files: [files.int8, files.float32] };
  } finally {
    process.off("SIGINT", abort);
    process.off("SIGTERM", abort);
    await run.close();
  }
}
