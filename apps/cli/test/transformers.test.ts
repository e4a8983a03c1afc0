import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ganglion, PATIENCE } from "./support/cli.ts";

vi.setConfig({ testTimeout: PATIENCE });

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ganglion-transformers-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const known = "gpt46, arc62, qr54, alibi36, rope10, tiny9-published, tiny9 or tiny5";

describe.concurrent("transformers that add", () => {
  test.each(["gpt46", "arc62", "qr54", "rope10", "tiny9", "tiny5"])("answer through add: %s", async (model) => {
    const { code, stdout } = await ganglion(["add", "--model", model, "9999999999", "+", "1"]);
    expect([code, stdout]).toEqual([0, "10000000000\n"]);
  });

  test("show each token with what it looked at", async () => {
    const { stdout } = await ganglion(["add", "--model", "gpt46", "12", "+", "34", "--show"]);
    const lines = stdout.trimEnd().split("\n");
    expect(lines[0]).toBe("gpt46: 1 layer of 2 features");
    expect(lines).toHaveLength(2 + 35 + 1);
    expect(lines[2]).toMatch(/^ +36 +0 .*0:0\.500 35:0\.500/u);
    expect(lines.at(-1)).toBe("= 46");
  });

  test("are caught when they are checked", async () => {
    expect(await ganglion(["add", "--model", "tiny9-published", "3000000", "3000000", "--check"])).toEqual({
      code: 1,
      stdout: "5999999\n",
      stderr: "add: the model answered 5999999, exact arithmetic says 6000000\n",
    });
  });

  test.each<readonly [string[], string]>([
    [
      ["add", "--model", "tiny9", "12345678901", "1"],
      "add: expected numbers of at most 10 digits with tiny9, received 11. Use --model gpt46 or ripple?",
    ],
    [["add", "--model", "tiny9", "12a", "1"], 'add: expected decimal digits only, received "12a". Remove "a"?'],
    [
      ["add", "--model", "tiny9", "-5", "1"],
      'add: expected a number of at least 0, received "-5". Leave out the sign?',
    ],
    [
      ["add", "--model", "tiny9", "1", "1", "--vote", "3"],
      "add: expected no --vote with tiny9, which has neither cells nor steps",
    ],
    [["verify", "tinny9"], `verify: expected a model among ${known}, received "tinny9". Did you mean tiny9?`],
    [["prove", "gpt"], `prove: expected a model among ${known}, received "gpt". Did you mean gpt46?`],
    [["verify"], "verify: expected one argument, as in ganglion verify tiny9, received nothing"],
    [["adders", "all"], 'adders: expected no arguments, received "all"'],
    [["train", "tiny9"], "train: expected gpt46, arc62 or qr54, since the weights of tiny9 are written by hand"],
    [
      ["export", "tiny9", "--precision", "int8"],
      "export: expected no --precision with tiny9, whose weights are written as they ship, in float64",
    ],
    [
      ["verify", "./mine.mjs", "--weights", "mine.safetensors"],
      "verify: expected --weights with the name of a model, received a module",
    ],
    [
      ["train", "gary", "--until-proved"],
      "train: expected --until-proved with gpt46, arc62 or qr54 only, received gary",
    ],
  ])("refuse %j", async (words, message) => {
    expect(await ganglion(words)).toEqual({ code: 2, stdout: "", stderr: `${message}\n` });
  });

  test("are proved, with a certificate in a file", async () => {
    const file = join(folder, "tiny9.json");
    const { code, stdout } = await ganglion(["prove", "tiny9", "--out", file]);
    expect(code).toBe(0);
    expect(stdout.split("\n")[0]).toBe(
      "tiny9: proved: a + b is right for all whole numbers a and b of at most 10 digits",
    );
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ kind: "places", proved: true, conditions: 1836 });
  });

  test("are refuted, with the failing conditions", async () => {
    const { code, stdout, stderr } = await ganglion(["prove", "tiny9-published"]);
    expect([code, stderr]).toEqual([1, "prove: tiny9-published is not right for all inputs\n"]);
    expect(stdout.match(/^fails: /gmu)).toHaveLength(19);
    expect(stdout).toContain("3000000 + 3000000 = 6000000, answered 5999999");
  });

  test("are verified with the protocol's hash", async () => {
    const { code, stdout } = await ganglion(["verify", "tiny5", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      hash: "50b75a3b2bf60d86e6af290bc5e4ebb6d850f96c13b424b82282a47192e5a106",
      protocol: { cases: 10_010, right: 10_010 },
      parameters: { claimed: 5 },
      qualified: true,
    });
  });

  test("are exported as safetensors, and verified with weights from such a file", async () => {
    const file = join(folder, "tiny5.safetensors");
    const { stdout } = await ganglion(["export", "tiny5", "--out", file]);
    expect(stdout).toMatch(/^.*tiny5\.safetensors: tiny5 as safetensors in float64, [\d,]+ bytes\n$/u);
    expect((await ganglion(["verify", "tiny5", "--weights", file, "--n", "50"])).stdout).toContain("protocol  60/60");
    expect(await ganglion(["verify", "qr54", "--weights", file])).toMatchObject({
      code: 1,
      stderr: 'safetensors: "layers.0.keyBias": expected a tensor of qr54, found one that it lacks\n',
    });
    expect(await ganglion(["verify", "tiny5", "--weights", join(folder, "none")])).toMatchObject({
      code: 1,
      stderr: `verify: expected weights in ${join(folder, "none")}, found no such file\n`,
    });
  });

  test("are verified out of a user's file, and refused when it has not the interface", async () => {
    const file = join(folder, "always-zero.mjs");
    await writeFile(
      file,
      "export const steps = 1; export const encode = () => [0]; export const decode = String; export const forward = (tokens) => tokens.map(() => [1, 0]);",
    );
    const zero = await ganglion(["verify", file, "--n", "20"]);
    expect([zero.code, zero.stderr]).toEqual([1, `verify: ${file} does not qualify\n`]);
    expect(zero.stdout).toContain("protocol  1/30");
    await writeFile(join(folder, "empty.mjs"), "");
    expect(await ganglion(["verify", join(folder, "empty.mjs")])).toMatchObject({
      code: 1,
      stderr: `verify: ${join(folder, "empty.mjs")}: expected a module that exports steps, encode, forward and decode, received one without encode, forward, decode, steps\n`,
    });
    expect(await ganglion(["verify", join(folder, "none.mjs")])).toMatchObject({
      code: 1,
      stderr: `verify: expected a file at ${join(folder, "none.mjs")}, found none\n`,
    });
  });

  test("are trained from nothing, in seconds and in bursts", async () => {
    const table = await ganglion(["train", "gpt46", "--out", join(folder, "gpt46"), "--json"]);
    expect(JSON.parse(table.stdout)).toMatchObject({ model: "gpt46", starts: 1, proved: true });
    const long = await ganglion(["train", "qr54", "--out", join(folder, "qr54"), "--seconds", "1", "--json"]);
    expect(JSON.parse(long.stdout)).toMatchObject({ model: "qr54", seed: 10, phase: 0, step: 2000, proved: false });
    expect(JSON.parse(await readFile(join(folder, "qr54", "progress.json"), "utf8"))).toMatchObject({ step: 2000 });
    const arc = ["train", "arc62", "--out", join(folder, "arc62"), "--seconds", "1", "--json"];
    expect(JSON.parse((await ganglion(arc)).stdout)).toMatchObject({
      model: "arc62",
      seed: 7,
      step: 2000,
      right: null,
    });
    const further = JSON.parse((await ganglion([...arc, "--resume"])).stdout) as unknown;
    expect(further).toMatchObject({ model: "arc62", seed: 7, phase: 0, step: 4000 });
  });
});
