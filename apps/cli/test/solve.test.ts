import type { Solution } from "@ganglion/models";
import { describe, expect, test, vi } from "vitest";
import { ganglion, PATIENCE } from "./support/cli.ts";

vi.setConfig({ testTimeout: PATIENCE });

const answers = (text: string): unknown => ({ code: 0, stdout: `${text}\n`, stderr: "" });

describe.concurrent("ganglion add", () => {
  test("prints the sum and nothing else", async () => {
    expect(await ganglion(["add", "1234567", "+", "7654321"])).toEqual(answers("8888888"));
  });

  test.each<readonly [string[], string]>([
    [["add", "9999999", "1"], "10000000"],
    [["add", "1+2"], "3"],
    [["add", "1 + 2"], "3"],
    [["add", "007", "+", "0"], "7"],
    [["add", "--seed", "4", "12", "39"], "51"],
    [["add", "12", "39", "--vote=9"], "51"],
    [["add", "12", "39", "--schedule", "7,6,5,4,3,2,1,0"], "51"],
    [["add", "9999", "1", "--schedule", "highest-first"], "10000"],
    [["add", "9999", "1", "--fire-rate", ".2"], "10000"],
    [["add", "9999999", "1", "--model", "gary"], "10000000"],
    [["sub", "1000", "-", "7"], "993"],
    [["sub", "7", "1000"], "-993"],
    [["sub", "7−7"], "0"],
  ])("%j", async (words, answer) => {
    expect(await ganglion(words)).toEqual(answers(answer));
  });

  test("adds numbers of 100 digits", async () => {
    const [a, b] = ["9876543210".repeat(10), "1234567899".repeat(10)];
    expect(await ganglion(["add", a, b, "--schedule", "synchronous"])).toEqual(answers(String(BigInt(a) + BigInt(b))));
  });

  test("reports as JSON, with votes, steps and the check", async () => {
    const { code, stdout } = await ganglion(["add", "58", "67", "--json", "--vote", "3", "--check", "--seed", "2"]);
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as Record<string, unknown>;
    expect(report).toMatchObject({
      operation: "add",
      operands: ["58", "67"],
      answer: "125",
      model: "ripple",
      parameters: 26_192,
      arithmetic: "int8",
      cells: 8,
      seed: 2,
      votes: ["125", "125", "125"],
      agreement: 1,
      exact: "125",
      right: true,
    });
    expect(report).not.toHaveProperty("frames");
  });

  test("computes in float32 and plain operations when asked to be exact, and says so", async () => {
    const words = ["add", "999999999999", "1", "--seed", "3", "--json"];
    const [fast, exact] = await Promise.all(
      [words, [...words, "--exact"]].map(
        async (each) => JSON.parse((await ganglion(each)).stdout) as Record<string, unknown>,
      ),
    );
    expect(fast).toMatchObject({ answer: "1000000000000", arithmetic: "int8" });
    expect(exact).toEqual({ ...fast, arithmetic: "float32" });
  });

  test("checks against exact arithmetic, and fails where the model is wrong", async () => {
    expect(await ganglion(["add", "58", "67", "--check"])).toEqual({
      code: 0,
      stdout: "125\n",
      stderr: "checked: exact arithmetic agrees\n",
    });
    const { code, stdout, stderr } = await ganglion(["add", "9999999", "1", "--check", "--steps", "1"]);
    expect(code).toBe(1);
    expect(stderr).toBe(`add: the model answered ${stdout.trim()}, exact arithmetic says 10000000\n`);
  });

  test("shows every step in plain text when piped", async () => {
    const words = ["add", "999", "1", "--schedule", "synchronous"];
    const { code, stdout } = await ganglion([...words, "--show"]);
    expect(code).toBe(0);
    expect(stdout).not.toContain("\u001B");
    expect(stdout.match(/^step +\d+ /gmu)).toHaveLength(10);
    expect(stdout.trimEnd().endsWith("\n= 1000")).toBe(true);
    expect((await ganglion([...words, "--live"])).stdout).toBe(stdout);
    const { frames } = JSON.parse((await ganglion([...words, "--show", "--json"])).stdout) as Solution;
    expect(frames).toHaveLength(10);
  });
});

describe.concurrent("ganglion without arguments", () => {
  test("answers the lines of a pipe", async () => {
    const { code, stdout, stderr } = await ganglion([], { input: "12 + 39\n\n1000-7\n" });
    expect({ code, stdout, stderr }).toEqual(answers("51\n993"));
  });

  test("stops at a line that makes no sense", async () => {
    expect(await ganglion([], { input: "12 + 39\nhello\n" })).toEqual({
      code: 2,
      stdout: "51\n",
      stderr: 'ganglion: expected a sum or a difference, as in 12 + 34, received "hello"\n',
    });
  });

  test("shows the steps of a line that ends with a question mark", async () => {
    const { stdout } = await ganglion([], { input: "1 + 2?\n" });
    expect(stdout).toContain("settled after step");
    expect(stdout.trimEnd().endsWith("\n= 3")).toBe(true);
  });
});
