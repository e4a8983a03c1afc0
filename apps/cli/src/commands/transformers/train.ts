import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Qr54Progress } from "@ganglion/models";
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

/** Trains `gpt46` or `qr54` from nothing. */
export async function trainTransformer(name: string, options: TrainOptions): Promise<void> {
  if (name === "gpt46") return trainTable(options);
  if (name === "qr54") return trainLong(options);
  throw new UsageError(`train: expected gpt46 or qr54, since the weights of ${name} are written by hand`);
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

async function trainLong({ folder, resume, seconds, untilProved, seed, json }: TrainOptions): Promise<void> {
  const { trainQr54 } = await import("@ganglion/models");
  const from = resume ? await progressIn(folder) : undefined;
  const begin = performance.now();
  const config = { untilProved, ...(seed === undefined ? {} : { seed }), ...(from === undefined ? {} : { from }) };
  let last: Qr54Progress | undefined = from;
  for (const progress of trainQr54(config)) {
    last = progress;
    await save(folder, "progress.json", progress);
    process.stderr.write(`${line(progress)}\n`);
    if (seconds !== undefined && performance.now() - begin > 1000 * seconds) break;
  }
  if (last === undefined) throw new FailedRun("train: qr54 made no step");
  const file = await save(folder, "qr54.json", { model: "qr54", values: last.params });
  const proved = last.certificate?.proved === true;
  const { seed: used, phase, step } = last;
  const report = { model: "qr54", seed: used, phase, step, proved, files: [file] };
  process.stdout.write(
    json
      ? `${JSON.stringify(report, null, 2)}\n`
      : `phase ${phase}, step ${step}: ${proved ? "proved" : "not proved yet"}; weights in ${file}\n`,
  );
}

function line({ phase, step, loss, certificate, counterexamples }: Qr54Progress): string {
  const proof =
    certificate === undefined
      ? ""
      : `  ${certificate.failing} of ${certificate.conditions} cells fail  ${counterexamples.length} sums fed back`;
  return `phase ${phase}  ${step}  loss ${loss.toFixed(5)}${proof}`;
}

async function progressIn(folder: string): Promise<Qr54Progress> {
  try {
    return JSON.parse(await readFile(join(folder, "progress.json"), "utf8")) as Qr54Progress;
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
