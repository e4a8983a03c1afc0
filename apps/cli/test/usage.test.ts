import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ganglion, PATIENCE } from "./support/cli.ts";

vi.setConfig({ testTimeout: PATIENCE });

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ganglion-usage-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const names = "bernoulli, synchronous, lowest-first, highest-first, even-odd, single, event-driven";

describe.concurrent("wrong usage is one line on standard error, exit 2:", () => {
  test.each<readonly [string[], string]>([
    [["ad", "1", "2"], "ganglion: unknown command ad. Did you mean add?"],
    [["frobnicate"], "ganglion: unknown command frobnicate. Try ganglion --help."],
    [["--versoin"], "ganglion: unknown option --versoin. Did you mean --version?"],
    [["add"], "add: expected two numbers, as in ganglion add 12 + 34, received nothing"],
    [["add", "1"], 'add: expected two numbers, as in ganglion add 12 + 34, received "1"'],
    [["add", "1", "2", "3"], 'add: expected two numbers, as in ganglion add 12 + 34, received "1 2 3"'],
    [["sub", "5"], 'sub: expected two numbers, as in ganglion sub 34 - 12, received "5"'],
    [["add", "", "2"], 'add: expected a whole number, received "". Write 0?'],
    [["add", "1", "+"], 'add: expected a whole number, received "". Write 0?'],
    [["add", "-5", "3"], 'add: expected a number of at least 0, received "-5". Leave out the sign?'],
    [["sub", "3", "-5"], 'sub: expected a number of at least 0, received "-5". Leave out the sign?'],
    [["add", "12a", "3"], 'add: expected decimal digits only, received "12a". Remove "a"?'],
    [["add", "1.5", "3"], 'add: expected decimal digits only, received "1.5". Remove "."?'],
    [["add", "1+2+3"], 'add: expected decimal digits only, received "2+3". Remove "+"?'],
    [["add", "1", "2", "--shwo"], "add: unknown option --shwo. Did you mean --show?"],
    [["add", "1", "2", "--colour"], "add: unknown option --colour. Try ganglion add --help."],
    [["add", "1", "2", "-x"], "add: unknown option -x. Try ganglion add --help."],
    [["add", "1", "2", "--show=yes"], "add: expected --show without a value, received --show=yes"],
    [["add", "1", "2", "--steps"], "add: expected a value after --steps"],
    [["add", "1", "2", "--steps", "--show"], "add: expected a value after --steps"],
    [["add", "1", "2", "--steps", "0"], 'add: expected --steps to be a whole number of at least 1, received "0"'],
    [["add", "1", "2", "--steps", "ten"], 'add: expected --steps to be a whole number of at least 1, received "ten"'],
    [["add", "1", "2", "--vote", "2.5"], 'add: expected --vote to be a whole number of at least 1, received "2.5"'],
    [["add", "1", "2", "--vote", ""], 'add: expected --vote to be a whole number of at least 1, received ""'],
    [["add", "1", "2", "--seed", "-1"], 'add: expected --seed to be a whole number of at least 0, received "-1"'],
    [["add", "1", "2", "--fire-rate", "2"], 'add: expected --fire-rate to be above 0 and at most 1, received "2"'],
    [["add", "1", "2", "--fire-rate", "0"], 'add: expected --fire-rate to be above 0 and at most 1, received "0"'],
    [
      ["add", "1", "2", "--fire-rate", ".5", "--schedule", "single"],
      "add: expected --fire-rate with --schedule bernoulli only, received single",
    ],
    [
      ["add", "1", "2", "--schedule", "synchronos"],
      `add: expected --schedule to be ${names} or a list of cells, received synchronos. Did you mean synchronous?`,
    ],
    [
      ["add", "1", "2", "--model", "grya"],
      'load: expected a model among ripple, gary or ripple-add-sub, received "grya". Did you mean gary?',
    ],
    [["train"], "train: expected one argument, as in ganglion train gary, received nothing"],
    [["train", "gary", "ripple"], 'train: expected one argument, as in ganglion train gary, received "gary ripple"'],
    [
      ["train", "gayr"],
      'load: expected a model among ripple, gary or ripple-add-sub, received "gayr". Did you mean gary?',
    ],
    [["train", "gary", "--seconds", "0"], 'train: expected --seconds to be a number of seconds above 0, received "0"'],
    [["train", "gary", "--set", "lr"], "set: expected name=value, received lr. Write lr=.002?"],
    [["train", "gary", "--set", "lr=-1"], "set: expected lr to be a number above 0, received -1"],
    [
      ["train", "gary", "--levels", "128"],
      'train: expected --levels to be a whole number from 1 to 127, received "128"',
    ],
    [
      ["train", "qr54", "--levels", "7"],
      "train: expected --levels with gary, ripple or ripple-add-sub only, received qr54",
    ],
    [
      ["train", "gary", "--resume", "--levels", "7"],
      "train: expected --resume without --levels: a run goes on with the settings it began with",
    ],
    [
      ["train", "gary", "--resume", "--set", "lr=1"],
      "train: expected --resume without --set: a run goes on with the settings it began with",
    ],
    [["eval", "gary", "--n", "0"], 'eval: expected --n to be a whole number of at least 1, received "0"'],
    [["models", "gary"], 'models: expected no arguments, received "gary"'],
    [
      ["export", "gary", "--precision", "int9"],
      "export: expected --precision to be int8, int8-per-tensor, float32, received int9. Did you mean int8?",
    ],
    [["inspect"], "inspect: expected one argument, as in ganglion inspect ripple.ganglion, received nothing"],
  ])("%j", async (words, message) => {
    expect(await ganglion(words)).toEqual({ code: 2, stdout: "", stderr: `${message}\n` });
  });
});

describe.concurrent("a failed run is one line on standard error, exit 1:", () => {
  test("a weights file that is not there", async () => {
    const file = join(folder, "nowhere.ganglion");
    const stderr = `add: expected a file at ${file}, found none\n`;
    expect(await ganglion(["add", "1", "2", "--weights", file])).toEqual({ code: 1, stdout: "", stderr });
  });

  test("a weights file that is damaged, or none at all", async () => {
    const file = join(folder, "damaged.ganglion");
    const good = join(folder, "good.ganglion");
    expect((await ganglion(["export", "ripple", "--out", good])).code).toBe(0);
    const bytes = await readFile(good);
    bytes[9000]! ^= 4;
    await writeFile(file, bytes);
    const damaged = await ganglion(["add", "1", "2", "--weights", file]);
    expect(damaged).toMatchObject({ code: 1, stdout: "" });
    expect(damaged.stderr).toMatch(/^decode: expected .+, received .+\n$/u);
    await writeFile(file, "<html>");
    for (const words of [
      ["inspect", file],
      ["add", "1", "2", "--weights", file],
    ]) {
      const page = await ganglion(words);
      expect(page).toMatchObject({ code: 1, stdout: "" });
      expect(page.stderr).toMatch(/^decode: expected .+, received .+\n$/u);
    }
  });

  test("the weights of another model", async () => {
    const file = join(folder, "ripple.ganglion");
    await ganglion(["export", "ripple", "--out", file]);
    expect(await ganglion(["add", "1", "2", "--model", "gary", "--weights", file])).toEqual({
      code: 1,
      stdout: "",
      stderr: "gary: expected weights of gary, received those of ripple\n",
    });
  });

  test("a run that is not there, or there already", async () => {
    const run = join(folder, "run");
    expect(await ganglion(["train", "gary", "--resume", "--out", run])).toEqual({
      code: 1,
      stdout: "",
      stderr: `train: expected a training run in ${run}, found none\n`,
    });
    const begun = await ganglion(["train", "gary", "--out", run, "--set", "updates=1,batch=4,pool=8"]);
    expect(begun.code).toBe(0);
    expect(await ganglion(["train", "gary", "--out", run])).toEqual({
      code: 1,
      stdout: "",
      stderr: `openRun: expected no run in ${run}, found one. Resume it, or choose another folder?\n`,
    });
    expect(await ganglion(["train", "ripple", "--resume", "--out", run])).toEqual({
      code: 1,
      stdout: "",
      stderr: `train: expected a run of ripple in ${run}, found one of gary\n`,
    });
  });

  test("a folder that cannot be written to", async () => {
    const file = join(folder, "no", "such", "folder.ganglion");
    expect(await ganglion(["export", "ripple", "--out", file])).toEqual({
      code: 1,
      stdout: "",
      stderr: `export: expected to write ${file}, received ENOENT. Is there such a folder?\n`,
    });
  });

  test("operands that are too long for the model", async () => {
    expect(await ganglion(["add", "12345678", "1", "--model", "gary"])).toEqual({
      code: 2,
      stdout: "",
      stderr: "add: expected operands of at most 7 digits for gary, received 8. Use ripple?\n",
    });
  });
});

describe.concurrent("help", () => {
  test.each([["--help"], ["-h"], ["help"]])("lists the commands: %s", async (word) => {
    const { code, stdout, stderr } = await ganglion([word]);
    expect([code, stderr]).toEqual([0, ""]);
    for (const command of ["add", "sub", "train", "eval", "export", "inspect", "models"]) {
      expect(stdout).toMatch(new RegExp(`^\\s+${command}  `, "mu"));
    }
    expect(stdout).not.toContain("\u001B");
    expect(stdout).not.toContain("tour");
  });

  test.each(["add", "sub", "train", "eval", "export", "inspect", "models"])("explains %s", async (command) => {
    const { code, stdout } = await ganglion([command, "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain(`ganglion ${command}`);
    expect(await ganglion(["help", command])).toEqual({ code, stdout, stderr: "" });
  });

  test("the version is the package's", async () => {
    const manifest = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8")) as {
      version: string;
    };
    expect(await ganglion(["--version"])).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: "" });
  });
});
