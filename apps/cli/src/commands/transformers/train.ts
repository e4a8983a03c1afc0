import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Qr54Progress, Qr54RunConfig, TabledProgress, TabledRunConfig } from "@ganglion/models";
import { FailedRun, UsageError } from "../../errors.ts";

/** What may be asked of the training of a transformer. */
export interface TrainOptions {
  readonly folder: string;
  readonly resume: boolean;
  readonly seconds: number | undefined;
  readonly untilProved: boolean;
  readonly seed: number | undefined;
  readonly json: boolean;
}

/** Trains `gpt46`, `arc62` or `qr54` from nothing. */
export async function trainTransformer(name: string, options: TrainOptions): Promise<void> {
  if (name === "gpt46") return trainTable(options);
  if (name === "qr54") return trainLong(name, options, await stepsOfQr54(options));
  if (name === "arc62") return trainLong(name, options, await stepsOfArc62(options));
  throw new UsageError(`train: expected gpt46, arc62 or qr54, since the weights of ${name} are written by hand`);
}

async function trainTable({ folder, seed, json }: TrainOptions): Promise<void> {
  const { proveGpt46, trainGpt46 } = await import("@ganglion/models");
  const { flattenTree } = await import("@ganglion/tensor");
  const start = performance.now();
  const trained = trainGpt46(seed);
  if (trained === undefined)
    throw new FailedRun("train: gpt46 did not learn all 16 transitions in 8 starts. Try another --seed?");
  const { params, starts, margin } = trained;
  const values = flattenTree(params).leaves.flatMap(({ data }) => Array.from(data));
  const { proved } = proveGpt46(params);
  const file = await save(folder, "gpt46.json", { model: "gpt46", values });
  const took = (performance.now() - start) / 1000;
  const report = { model: "gpt46", starts, margin, proved, seconds: took, files: [file] };
  process.stdout.write(
    json
      ? `${JSON.stringify(report, null, 2)}\n`
      : `trained in ${took.toFixed(1)} s, at start ${starts}; least margin ${margin.toFixed(2)} logits; ${proved ? "proved for every width" : "not proved"}; weights in ${file}\n`,
  );
}

/** How a long training is run and told. */
interface LongTraining<Progress extends Stage> {
  readonly steps: Generator<Progress>;
  /** One line about where it stands. */
  readonly line: (progress: Progress) => string;
  /** How good it is, for the report. */
  readonly outcome: (progress: Progress) => { readonly text: string; readonly facts: object };
}

/** What every training tells. */
interface Stage {
  readonly seed: number;
  readonly phase: number;
  readonly step: number;
  readonly params: readonly number[];
}

async function trainLong<Progress extends Stage>(
  model: string,
  { folder, seconds, json }: TrainOptions,
  { steps, line, outcome }: LongTraining<Progress>,
): Promise<void> {
  const begin = performance.now();
  let last: Progress | undefined;
  for (const progress of steps) {
    last = progress;
    await save(folder, "progress.json", progress);
    process.stderr.write(`${line(progress)}\n`);
    if (seconds !== undefined && performance.now() - begin > 1000 * seconds) break;
  }
  if (last === undefined) throw new FailedRun(`train: ${model} has no steps left to make`);
  const file = await save(folder, `${model}.json`, { model, values: last.params });
  const { seed, phase, step } = last;
  const { text, facts } = outcome(last);
  process.stdout.write(
    json
      ? `${JSON.stringify({ model, seed, phase, step, ...facts, files: [file] }, null, 2)}\n`
      : `phase ${phase}, step ${step}: ${text}; weights in ${file}\n`,
  );
}

async function stepsOfQr54({ folder, resume, untilProved, seed }: TrainOptions): Promise<LongTraining<Qr54Progress>> {
  const { trainQr54 } = await import("@ganglion/models");
  const begun = (await begunOr(folder, resume, seed)) as Qr54RunConfig;
  return {
    steps: trainQr54({ untilProved, ...begun }),
    line: ({ phase, step, loss, certificate, counterexamples }) => {
      const proof =
        certificate === undefined
          ? ""
          : `  ${certificate.failing} of ${certificate.conditions} cells fail  ${counterexamples.length} sums fed back`;
      return `phase ${phase}  ${step}  loss ${loss.toFixed(5)}${proof}`;
    },
    outcome: ({ certificate }) => {
      const proved = certificate?.proved === true;
      return { text: proved ? "proved" : "not proved yet", facts: { proved } };
    },
  };
}

async function stepsOfArc62({
  folder,
  resume,
  untilProved,
  seed,
}: TrainOptions): Promise<LongTraining<TabledProgress>> {
  const { trainArc62 } = await import("@ganglion/models");
  const begun = (await begunOr(folder, resume, seed)) as TabledRunConfig;
  return {
    steps: trainArc62({ untilProved, ...begun }),
    line: ({ phase, step, loss, right, mistakes, proved }) => {
      const proof = proved === undefined ? "" : proved ? "  proved" : "  not proved";
      const trial = right === undefined ? "" : `  ${percent(right)} right  ${mistakes.length} sums fed back${proof}`;
      return `phase ${phase}  ${step}  loss ${loss.toFixed(5)}${trial}`;
    },
    outcome: ({ right, proved }) => ({
      text:
        proved === true
          ? "proved"
          : right === undefined
            ? "not tried yet"
            : `${percent(right)} of the last sums right, not proved`,
      facts: { right: right ?? null, proved: proved === true },
    }),
  };
}

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** What a training goes on from, or the seed that was asked for. */
async function begunOr(
  folder: string,
  resume: boolean,
  seed: number | undefined,
): Promise<{ readonly from?: unknown; readonly seed?: number }> {
  if (resume) return { from: await progressIn(folder) };
  return seed === undefined ? {} : { seed };
}

async function progressIn(folder: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(join(folder, "progress.json"), "utf8")) as unknown;
  } catch {
    throw new FailedRun(`train: expected a training run in ${folder}, found none`);
  }
}

/** Writes a file whole or not at all. */
async function save(folder: string, name: string, contents: unknown): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, name);
  await writeFile(`${file}.new`, `${JSON.stringify(contents)}\n`);
  await rename(`${file}.new`, file);
  return file;
}
