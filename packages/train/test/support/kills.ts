import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fc } from "@fast-check/vitest";
import { hashTree, readCheckpoint, readMetrics } from "../../src/node.ts";
import { train } from "./trainer.ts";

/** What became of a run that was killed again and again, and of the same run left in peace. */
export interface Outcome {
  readonly kills: number;
  /** Kills after which no checkpoint could be loaded, though one had been reported. */
  readonly lost: number;
  readonly hashes: readonly [killed: string, uninterrupted: string];
  readonly metrics: readonly [killed: string, uninterrupted: string];
  /** Steps in metrics.jsonl of the killed run. */
  readonly steps: readonly number[];
}

/**
 * Trains in child processes that are killed with SIGKILL after a few steps, each at another moment of its work, then lets
 * the last one finish, and trains the same run here without interruption.
 */
export async function killAndResume(kills: number, seed: number): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), "ganglion-kill-"));
  try {
    const killed = join(folder, "killed");
    const moments = fc.sample(fc.tuple(fc.integer({ min: 3, max: 6 }), fc.nat(40)), { numRuns: kills, seed });
    const steps = moments.reduce((sum, [count]) => sum + count, 4);
    let lost = 0;
    for (const [count, delay] of moments) {
      const reported = await runUntil(killed, steps, count, delay / 10);
      if (reported < 3) continue;
      const { meta } = await readCheckpoint(join(killed, "checkpoints"));
      if (meta.step < reported - 2) lost += 1;
    }
    await runUntil(killed, steps, Infinity, 0);
    const state = await train(join(folder, "peace"), steps);
    const text = (name: string): Promise<string> => readFile(join(folder, name, "metrics.jsonl"), "utf8");
    const { rows } = await readMetrics(killed);
    return {
      kills,
      lost,
      hashes: [hashTree((await readCheckpoint(join(killed, "checkpoints"))).tree), hashTree(state)],
      metrics: [await text("killed"), await text("peace")],
      steps: rows.map(({ step }) => step),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Lets a child train `count` steps and some milliseconds more, kills it, and tells the last step that it reported. */
async function runUntil(folder: string, steps: number, count: number, milliseconds: number): Promise<number> {
  const script = join(import.meta.dirname, "trainer.ts");
  const child = spawn(process.execPath, ["--conditions=@ganglion/source", script, folder, String(steps)], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"] },
  });
  const closed = once(child, "close");
  let output = "";
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  for await (const text of child.stdout.setEncoding("utf8")) {
    output += text as string;
    if (output.split("\n").length <= count) continue;
    await wait(milliseconds);
    child.kill("SIGKILL");
    break;
  }
  const [code, signal] = (await closed) as [number | null, string | null];
  if (code !== 0 && signal !== "SIGKILL") throw new Error(`the trainer failed with exit code ${code}: ${errors}`);
  return Number(output.trim().split("\n").at(-1));
}
