import { decode } from "@ganglion/int8";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Card, Figures } from "@ganglion/models";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ganglion, PATIENCE } from "./support/cli.ts";

vi.setConfig({ testTimeout: PATIENCE });

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ganglion-report-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe.concurrent("ganglion train", () => {
  const settings = ["--set", "updates=6,batch=8", "--set", "pool=16"];

  test("a run in two bursts ends with the same weights as one in one", async () => {
    const [whole, halves] = [join(folder, "whole"), join(folder, "halves")];
    const one = await ganglion(["train", "gary", "--out", whole, ...settings]);
    expect(one.code).toBe(0);
    expect(one.stdout).toBe(
      `trained 6 updates; weights in ${join(whole, "gary.ganglion")} and ${join(whole, "gary.float32.ganglion")}\n`,
    );
    const first = await ganglion(["train", "gary", "--out", halves, ...settings, "--seconds", ".0001", "--json"]);
    const report = JSON.parse(first.stdout) as { step: number; stopped: string; resume: string };
    expect(report).toMatchObject({ stopped: "time", resume: `ganglion train gary --resume --out ${halves}` });
    expect(report.step).toBeLessThan(6);
    expect((await ganglion(["train", "gary", "--resume", "--out", halves])).code).toBe(0);
    for (const file of ["gary.ganglion", "gary.float32.ganglion"]) {
      expect((await readFile(join(halves, file))).equals(await readFile(join(whole, file)))).toBe(true);
    }
    const lines = (await readFile(join(halves, "metrics.jsonl"), "utf8")).trim().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { step: number }).step)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("makes the weights that ship fit for fewer codes, in bursts too", async () => {
    const [whole, halves] = [join(folder, "codes"), join(folder, "codes-halves")];
    const words = ["train", "gary", "--levels", "7", "--set", "updates=3,batch=8,pool=16"];
    expect((await ganglion([...words, "--out", whole])).stdout).toContain("trained 3 updates; weights in ");
    await ganglion([...words, "--out", halves, "--seconds", ".0001"]);
    await ganglion(["train", "gary", "--resume", "--out", halves]);
    const file = await readFile(join(whole, "gary.ganglion"));
    expect((await readFile(join(halves, "gary.ganglion"))).equals(file)).toBe(true);
    const entry = decode(file).entries.find(({ name }) => name === "rule.experts.w1");
    const codes = entry?.kind === "int8" ? entry.codes : new Int8Array(0);
    expect([Math.min(...codes), Math.max(...codes)]).toEqual([-7, 7]);
    expect(
      (await ganglion(["add", "12", "39", "--model", "gary", "--weights", join(whole, "gary.ganglion")])).stdout,
    ).toBe("51\n");
  });

  test("Ctrl-C writes a checkpoint and says how to go on", async () => {
    const out = join(folder, "interrupted");
    const { code, stdout } = await ganglion(["train", "gary", "--out", out, "--set", "batch=4,pool=8"], {
      // the first line of progress comes after the first update
      onStart: (child) => child.stderr?.once("data", () => child.kill("SIGINT")),
    });
    expect(code).toBe(0);
    const [, step] = /^stopped after (\d+) of 2800 updates; go on with: (.+)\n$/u.exec(stdout)!;
    expect(stdout).toContain(`ganglion train gary --resume --out ${out}\n`);
    const again = await ganglion(["train", "gary", "--resume", "--out", out, "--seconds", ".001", "--json"]);
    expect((JSON.parse(again.stdout) as { step: number }).step).toBe(Number(step) + 1);
  });

  test("tells how it goes on standard error", async () => {
    const { stderr } = await ganglion([
      "train",
      "ripple-add-sub",
      "--mine",
      "--out",
      join(folder, "told"),
      ...settings,
    ]);
    expect(stderr).toMatch(
      /^6\/6 {2}[\d.]+ updates\/s {2}loss 2\.\d{4} {2}exact [\d.]+ % {2}experts 0\.\d\d-0\.\d\d {2}0:00 left$/mu,
    );
  });
});

describe.concurrent("ganglion eval", () => {
  test("prints a table, or JSON with the command that repeats it", async () => {
    const words = ["eval", "ripple", "--suite", "adversarial,swapped", "--n", "25", "--seed", "3"];
    const table = await ganglion(words);
    expect(table.code).toBe(0);
    expect(table.stdout.split("\n", 1)[0]).toMatch(
      /^suite +figure +measured +published +ceiling +model misses +unfinished +n$/u,
    );
    expect(table.stdout).toMatch(/^adversarial +22 carries, one order, 24 steps/mu);
    const report = JSON.parse((await ganglion([...words, "--json"])).stdout) as Figures;
    expect(report).toMatchObject({
      model: "ripple",
      command: "ganglion eval ripple --n 25 --seed 3 --suite adversarial,swapped",
      seed: 3,
      n: 25,
    });
    expect(report.rows.map(({ suite }) => suite)).toEqual([
      ...Array.from({ length: 4 }, () => "adversarial"),
      "swapped",
    ]);
    for (const { measured, modelMisses, unfinished, n } of report.rows) {
      expect(Math.round(measured * n) + modelMisses + unfinished).toBe(n);
    }
  });

  test("refuses an unknown suite", async () => {
    expect(await ganglion(["eval", "ripple", "--suite", "order"])).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "evaluate: expected suites among heldout, orders, length, steps, adversarial, schedules, long, garbage, swapped, int8, received order. Did you mean orders?\n",
    });
  });
});

describe.concurrent("ganglion export, inspect and models", () => {
  test("export writes a file that inspect lists and add uses", async () => {
    const file = join(folder, "exported.ganglion");
    const { code, stdout } = await ganglion(["export", "gary", "--out", file]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/gary as int8, 27,\d{3} bytes\n$/u);
    const listing = await ganglion(["inspect", file]);
    expect(listing.stdout).toContain("10 tensors, 26,448 values\nmodel: gary\n");
    expect(listing.stdout).toMatch(/^rule\.experts\.w1 +\[6, 96, 32\] +int8 codes +18,432 +192$/mu);
    const report = JSON.parse((await ganglion(["inspect", file, "--json"])).stdout) as { values: number };
    expect(report).toMatchObject({ values: 26_448, metadata: { model: "gary" } });
    expect((await ganglion(["add", "12", "39", "--model", "gary", "--weights", file])).stdout).toBe("51\n");
  });

  test("export reads a training run, and float32 is bit for bit what training wrote", async () => {
    const run = join(folder, "run");
    await ganglion(["train", "gary", "--out", run, "--set", "updates=2,batch=4,pool=8"]);
    const file = join(folder, "float32.ganglion");
    const { stdout } = await ganglion([
      "export",
      "gary",
      "--run",
      run,
      "--precision",
      "float32",
      "--out",
      file,
      "--json",
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ model: "gary", precision: "float32", file });
    expect((await readFile(file)).equals(await readFile(join(run, "gary.float32.ganglion")))).toBe(true);
  });

  test("models lists all, or prints their cards", async () => {
    const { stdout } = await ganglion(["models"]);
    expect(stdout).toMatch(/^ripple +26,192 +add +any /mu);
    expect(stdout).toMatch(/^gary +26,448 +add +up to 7 /mu);
    expect(stdout).toMatch(/^ripple-add-sub +26,256 +add sub +any /mu);
    const cards = JSON.parse((await ganglion(["models", "--json"])).stdout) as Card[];
    expect(cards.map(({ model }) => model)).toEqual(["ripple", "gary", "ripple-add-sub"]);
  });
});

test("the tour shows a sum, the longest carry, the vote, 64 digits and the figures", async () => {
  const { code, stdout, stderr } = await ganglion(["tour"]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("$ ganglion add 1234567 + 7654321\n8888888\n");
  expect(stdout.match(/^step +\d+ /gmu)).toHaveLength(10);
  expect(stdout).toContain("\n= 10000000\n");
  expect(stdout).toContain("\nanswer  10000000\n");
  const [a, b] = ["31415926535897932384626433832795".repeat(2), "27182818284590452353602874713527".repeat(2)];
  expect(stdout).toContain(`\n${BigInt(a) + BigInt(b)}\n`);
  for (const model of ["ripple", "gary", "ripple-add-sub"]) expect(stdout).toMatch(new RegExp(`^${model}( |$)`, "mu"));
});
