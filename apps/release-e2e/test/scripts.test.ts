// What stands between `npm start` and the command must be invisible.
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const handOver = new URL("../../../scripts/hand-over.mjs", import.meta.url).href;

describe("bootstrap", () => {
  test("prints on standard output what the command prints, and nothing else", async () => {
    const parameters = ["scripts/bootstrap.mjs", "node", "--print", "process.argv.slice(1).join('|')"];
    const result = await run([...parameters, "--", "--browser", "a b", "*"]);
    expect(result).toMatchObject({ code: 0, stdout: "--browser|a b|*\n" });
  });

  test("passes standard input and the exit code through", async () => {
    const script = "process.stdin.pipe(process.stdout).on('close', () => 0); process.exitCode = 3";
    expect(await run(["scripts/bootstrap.mjs", "node", "--eval", script], { input: "1 + 2" })).toMatchObject({
      code: 3,
      stdout: "1 + 2",
    });
  });

  test("fails when the command does not exist", async () => {
    const { code, stderr } = await run(["scripts/bootstrap.mjs", "no-such-command"]);
    expect(code).toBe(1);
    expect(stderr).toContain("no-such-command: spawn no-such-command ENOENT");
  });
});

describe("handOver", () => {
  const command = `
    process.on("SIGINT", () => console.log("SIGINT"));
    process.on("SIGTERM", () => { console.log("SIGTERM"); process.exit(7); });
    setInterval(() => undefined, 1000);
    console.log("ready");`;

  test.skipIf(process.platform === "win32")("passes signals on and exits as the command does", async () => {
    const script = `import(${JSON.stringify(handOver)}).then((m) => m.handOver("node", ["--eval", ${JSON.stringify(command)}]))`;
    const signals: NodeJS.Signals[] = ["SIGINT", "SIGTERM"];
    const result = await run(["--eval", script], { signals });
    expect(result).toMatchObject({ code: 7, signal: null, stdout: "ready\nSIGINT\nSIGTERM\n" });
  });

  test.skipIf(process.platform === "win32")("dies of the signal that the command dies of", async () => {
    const script = `import(${JSON.stringify(handOver)}).then((m) => m.handOver("node", ["--eval", "process.kill(process.pid, 'SIGKILL')"]))`;
    expect(await run(["--eval", script])).toMatchObject({ code: null, signal: "SIGKILL" });
  });
});

test("npm prints no banner of its own", async () => {
  expect(await readFile(`${repository}.npmrc`, "utf8")).toContain("loglevel=silent\n");
});

interface Result {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Node.js in the repository; each signal is sent when another line has been printed. */
async function run(
  parameters: readonly string[],
  { input = "", signals = [] }: { input?: string; signals?: readonly NodeJS.Signals[] } = {},
): Promise<Result> {
  const child = spawn(process.execPath, parameters, { cwd: repository });
  const pending = [...signals];
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
    const signal = pending.shift();
    if (signal !== undefined) child.kill(signal);
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  child.stdin.end(input);
  return new Promise((resolve) => {
    child.on("close", (code, signal) => {
      resolve({ code, signal, stdout, stderr });
    });
  });
}
