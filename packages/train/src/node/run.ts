import { join } from "node:path";
import type { Tree } from "@ganglion/tensor";
import { readCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import type { Checkpoint, Json, WrittenCheckpoint } from "./checkpoint.ts";
import { environment } from "./environment.ts";
import { CheckpointError, reasonOf } from "./errors.ts";
import { nodeFiles, replaceFile } from "./files.ts";
import type { Files } from "./files.ts";
import type { Metrics } from "../fit.ts";
import { openMetrics } from "./metrics.ts";

/** Settings of `openRun`. */
export interface RunConfig {
  /** What decides the training: hyper-parameters, seed, data. It must be the same after a resume. */
  readonly config: { readonly [name: string]: Json };
  /** Continue the run in the folder (true) or begin one where there is none (false, the default). */
  readonly resume?: boolean;
  /** File system; the machine's own by default. */
  readonly files?: Files;
}

/** A training run and its folder: config.json, env.json, metrics.jsonl and checkpoints/. */
export interface Run {
  readonly folder: string;
  /** Steps that the run has behind it: those of its checkpoint, or 0. */
  readonly step: number;
  /** State to continue from; undefined when the run has no checkpoint yet. */
  readonly checkpoint: Checkpoint | undefined;
  /** What had to be passed over or repaired on opening, a sentence each. */
  readonly warnings: readonly string[];
  /** Appends one line to metrics.jsonl; steps ascend, values are finite (ConfigError otherwise). */
  readonly log: (step: number, metrics: Metrics) => Promise<void>;
  /** Writes a checkpoint, once every line logged so far is on the disk; fits `checkpoint.save` of `fit`. */
  readonly save: (step: number, state: Tree) => Promise<WrittenCheckpoint>;
  readonly close: () => Promise<void>;
}

/**
 * Opens the folder of a training run, to begin it or to continue from its newest intact checkpoint.
 *
 * On resume, lines of metrics.jsonl past the checkpoint are dropped, so that no step appears twice; a run that was
 * stopped before its first checkpoint begins again at step 0. env.json gets one entry per opening.
 *
 * @param folder for instance `runs/ripple-1`; made when it is not there
 * @throws CheckpointError `exists` when a run is there and `resume` is false, `missing` when none is there and `resume`
 *   is true, `config` when the run was begun with other settings, `damaged` when no checkpoint is intact, `disk` when the
 *   file system refuses
 */
export async function openRun(folder: string, options: RunConfig): Promise<Run> {
  try {
    return await open(folder, options);
  } catch (error) {
    if (error instanceof CheckpointError) throw error;
    const problem = `expected to open the run in ${folder}, received "${reasonOf(error)}"`;
    const repair = "Free some space, check the folder's permissions, or choose another one.";
    throw new CheckpointError("openRun", "disk", folder, problem, repair, error);
  }
}

async function open(folder: string, { config, resume = false, files = nodeFiles }: RunConfig): Promise<Run> {
  const checkpoints = join(folder, "checkpoints");
  const stored = await readJson(files, folder, "config.json");
  checkPresence(folder, stored !== undefined, resume);
  if (stored !== undefined) checkSame(folder, stored, config);

  const checkpoint = resume ? await newest(checkpoints, files) : undefined;
  const step = checkpoint?.meta.step ?? 0;
  const warnings = [...(checkpoint?.warnings ?? [])];
  if (resume && checkpoint === undefined) warnings.push(`openRun: ${folder} has no checkpoint yet; begins at step 0`);

  await files.makeFolder(checkpoints);
  const sessions = resume ? await readJson(files, folder, "env.json") : undefined;
  await writeJson(files, folder, "env.json", [...(Array.isArray(sessions) ? sessions : []), environment(step)]);
  const metrics = await openMetrics(files, folder, step);
  if (stored === undefined) await writeJson(files, folder, "config.json", config);
  return {
    folder,
    step,
    checkpoint,
    warnings,
    log: (at, values) => metrics.append({ step: at, ...values }),
    save: async (at, state) => {
      await metrics.sync();
      return writeCheckpoint(checkpoints, state, { step: at }, { files });
    },
    close: () => metrics.close(),
  };
}

function checkPresence(folder: string, present: boolean, resume: boolean): void {
  if (present && !resume) {
    const problem = `expected no run in ${folder}, found one`;
    throw new CheckpointError("openRun", "exists", folder, problem, "Resume it, or choose another folder?");
  }
  if (!present && resume) {
    const problem = `expected a run in ${folder}, found none`;
    throw new CheckpointError("openRun", "missing", folder, problem, "Start it without resuming?");
  }
}

/** The newest intact checkpoint; undefined when none was written yet. */
async function newest(folder: string, files: Files): Promise<Checkpoint | undefined> {
  try {
    return await readCheckpoint(folder, { files });
  } catch (error) {
    if (error instanceof CheckpointError && error.code === "missing") return undefined;
    throw error;
  }
}

function checkSame(folder: string, stored: Json, config: Readonly<Record<string, Json>>): void {
  const before = typeof stored === "object" && stored !== null ? (stored as Readonly<Record<string, Json>>) : {};
  const names = [...new Set([...Object.keys(before), ...Object.keys(config)])].toSorted();
  const changed = names.filter((name) => canonical(before[name]) !== canonical(config[name]));
  if (changed.length === 0) return;
  const list = changed.map((name) => `${name} ${text(config[name])} instead of ${text(before[name])}`).join(", ");
  throw new CheckpointError(
    "openRun",
    "config",
    join(folder, "config.json"),
    `expected the settings with which the run in ${folder} began, received ${list}`,
    "Resume it with its own settings, or start another run?",
  );
}

const text = (value: Json | undefined): string => (value === undefined ? "none" : JSON.stringify(value));

/** JSON with sorted names. */
const canonical = (value: Json | undefined): string | undefined =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

async function readJson(files: Files, folder: string, name: string): Promise<Json | undefined> {
  const bytes = await files.read(join(folder, name));
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Json;
  } catch (error) {
    const problem = `expected JSON in ${join(folder, name)}, received "${reasonOf(error)}"`;
    const repair = "Restore the file from a copy, or remove the folder and start again?";
    throw new CheckpointError("openRun", "damaged", join(folder, name), problem, repair, error);
  }
}

async function writeJson(files: Files, folder: string, name: string, value: Json): Promise<void> {
  await replaceFile(files, folder, name, Buffer.from(`${JSON.stringify(value, null, 2)}\n`));
}
