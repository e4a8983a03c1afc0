import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tensor } from "@ganglion/tensor";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CheckpointError, openRun, readMetrics } from "../../src/node.ts";
import type { Json } from "../../src/node.ts";

const config = { seed: 1, optimiser: { name: "adamW", learningRate: 0.003 } };
const lines = async (): Promise<string[]> => (await readFile(join(folder, "metrics.jsonl"), "utf8")).split("\n");
const json = async (name: string): Promise<Json> => JSON.parse(await readFile(join(folder, name), "utf8")) as Json;

let parent: string;
let folder: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "ganglion-run-"));
  folder = join(parent, "runs", "one");
});
afterEach(() => rm(parent, { recursive: true }));

/** Begins a run: four lines, a checkpoint after the second. */
async function begin(): Promise<void> {
  const run = await openRun(folder, { config });
  for (const step of [1, 2, 3, 4]) {
    await run.log(step, { loss: 1 / step });
    if (step === 2) await run.save(step, tensor(step));
  }
  await run.close();
}

describe("openRun", () => {
  test("begins a folder with config.json, env.json, metrics.jsonl and checkpoints", async () => {
    await begin();
    expect((await readdir(folder)).toSorted()).toEqual(["checkpoints", "config.json", "env.json", "metrics.jsonl"]);
    expect(await json("config.json")).toEqual(config);
    expect(await json("env.json")).toEqual([
      expect.objectContaining({ step: 0, node: process.versions.node, cores: expect.any(Number) }),
    ]);
    expect((await lines())[1]).toBe('{"step":2,"loss":0.5}');
  });

  test("continues from the newest checkpoint and drops lines past it", async () => {
    await begin();
    const run = await openRun(folder, { config, resume: true });
    expect([run.step, run.checkpoint?.tree, run.warnings]).toEqual([2, tensor(2), []]);
    await run.log(3, { loss: 9 });
    await run.close();
    expect(await lines()).toEqual(['{"step":1,"loss":1}', '{"step":2,"loss":0.5}', '{"step":3,"loss":9}', ""]);
    expect(await json("env.json")).toMatchObject([{ step: 0 }, { step: 2 }]);
  });

  test("leaves lines alone when none is past the checkpoint", async () => {
    await begin();
    const first = await openRun(folder, { config, resume: true });
    await first.close();
    const before = await lines();
    await (await openRun(folder, { config, resume: true })).close();
    expect(await lines()).toEqual(before);
    expect(before).toHaveLength(3);
  });

  test("begins again when there is no checkpoint yet, and says so", async () => {
    const first = await openRun(folder, { config });
    await first.log(1, { loss: 1 });
    await first.close();
    const run = await openRun(folder, { config, resume: true });
    await run.close();
    expect([run.step, run.checkpoint]).toEqual([0, undefined]);
    expect(run.warnings).toEqual([`openRun: ${folder} has no checkpoint yet; begins at step 0`]);
    expect(await lines()).toEqual([""]);
  });

  test("falls back to the checkpoint before a damaged one, says so, and logs no step twice", async () => {
    await begin();
    const later = await openRun(folder, { config, resume: true });
    await later.log(3, { loss: 3 });
    const { path } = await later.save(3, tensor(3));
    await later.close();
    await appendFile(path, "x");
    const run = await openRun(folder, { config, resume: true });
    await run.close();
    expect(run.step).toBe(2);
    expect(run.warnings).toEqual([
      "readCheckpoint: the checkpoint of step 3 is damaged (its SHA-256 is not the one in its name); continued from step 2",
    ]);
    expect((await readMetrics(folder)).rows.map(({ step }) => step)).toEqual([1, 2]);
  });

  test("says which settings differ from those the run began with", async () => {
    await begin();
    const changed = { optimiser: { learningRate: 0.003, name: "adam" }, batch: 8, seed: 1 };
    const error = await openRun(folder, { config: changed, resume: true }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CheckpointError);
    expect(error).toMatchObject({
      code: "config",
      message:
        `openRun: expected the settings with which the run in ${folder} began, received batch 8 instead of none, ` +
        'optimiser {"learningRate":0.003,"name":"adam"} instead of {"name":"adamW","learningRate":0.003}. ' +
        "Resume it with its own settings, or start another run?",
    });
    const reordered = { optimiser: { learningRate: 0.003, name: "adamW" }, seed: 1 };
    await (await openRun(folder, { config: reordered, resume: true })).close();
  });

  test("neither overwrites a run nor resumes what is not there", async () => {
    await expect(openRun(folder, { config, resume: true })).rejects.toMatchObject({
      code: "missing",
      message: `openRun: expected a run in ${folder}, found none. Start it without resuming?`,
    });
    await begin();
    await expect(openRun(folder, { config })).rejects.toMatchObject({
      code: "exists",
      message: `openRun: expected no run in ${folder}, found one. Resume it, or choose another folder?`,
    });
  });

  test("logs finite numbers only", async () => {
    const run = await openRun(folder, { config });
    await expect(run.log(1, { loss: NaN })).rejects.toThrow("log: expected loss as a finite number, received NaN");
    await run.close();
    expect(await lines()).toEqual([""]);
  });

  test("names a config.json that is not JSON", async () => {
    await begin();
    await writeFile(join(folder, "config.json"), "{");
    await expect(openRun(folder, { config, resume: true })).rejects.toThrow(
      /^openRun: expected JSON in .*config\.json, received ".*"\. Restore the file from a copy, or remove the folder and start again\?$/,
    );
  });

  test("names what the file system said", async () => {
    await writeFile(join(parent, "runs"), "");
    await expect(openRun(folder, { config })).rejects.toThrow(
      /^openRun: expected to open the run in .*one, received "ENOTDIR: .*"\. Free some space, check the folder's permissions, or choose another one\.$/,
    );
  });
});

describe("readMetrics", () => {
  test("of a folder without metrics has no rows", async () => {
    expect(await readMetrics(folder)).toEqual({ rows: [], torn: [] });
  });

  test.each(['{"step":5,"lo', '{"step":5,"loss":1}', "garbage"])("tolerates the torn last line %j", async (torn) => {
    await begin();
    await appendFile(join(folder, "metrics.jsonl"), torn);
    const { rows, torn: numbers } = await readMetrics(folder);
    expect(rows.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
    expect(numbers).toEqual([5]);
    await (await openRun(folder, { config, resume: true })).close();
    expect(await readMetrics(folder)).toEqual({ rows: rows.slice(0, 2), torn: [] });
  });

  test("passes over lines that are no rows", async () => {
    await begin();
    await appendFile(join(folder, "metrics.jsonl"), 'x\n{"loss":1}\n[1]\n{"step":"a"}\n{"step":5}\n');
    const { rows, torn } = await readMetrics(folder);
    expect([rows.at(-1), torn]).toEqual([{ step: 5 }, [5, 6, 7, 8]]);
  });
});
