import { describe, expect, test } from "vitest";
import { renderBench } from "../src/render/bench.ts";
import { plain } from "../src/terminal/style.ts";
import { ganglion, PATIENCE } from "./support/cli.ts";

interface Report {
  readonly machine: { readonly processor: string; readonly cores: number; readonly node: string };
  readonly answers: readonly {
    readonly name: string;
    readonly rows: readonly {
      readonly contender: string;
      readonly median: number;
      readonly low: number;
      readonly high: number;
      readonly rate?: number;
    }[];
  }[];
}

describe.concurrent("ganglion bench", { timeout: PATIENCE }, () => {
  test("reports middle and quartiles of every contender, and the machine, as JSON", async () => {
    const { code, stdout } = await ganglion(["bench", "--rounds", "1", "--json"]);
    expect(code).toBe(0);
    const { machine, answers } = JSON.parse(stdout) as Report;
    expect(machine.cores).toBeGreaterThan(0);
    expect(machine.node).toMatch(/^v\d+/u);
    expect(answers.map(({ rows }) => rows.map(({ contender }) => contender))).toEqual([
      ["ganglion"],
      ["ganglion, compiled", "ganglion, eager"],
      ["ganglion, int8", "ganglion, float32"],
      ["ganglion"],
    ]);
    for (const { median, low, high } of answers.flatMap(({ rows }) => rows)) {
      expect(low).toBeGreaterThan(0);
      expect(low).toBeLessThanOrEqual(median);
      expect(median).toBeLessThanOrEqual(high);
    }
    const [int8] = answers[2]!.rows;
    expect(int8!.rate).toBeCloseTo(1e6 / int8!.median, 6);
  });

  test("takes neither operands nor a number of turns that is none", async () => {
    expect((await ganglion(["bench", "gary"])).stderr).toBe('bench: expected no arguments, received "gary"\n');
    expect((await ganglion(["bench", "--rounds", "0"])).stderr).toBe(
      'bench: expected --rounds to be a whole number of at least 1, received "0"\n',
    );
  });
});

test("a table of what was measured names the machine, and gives a rate where there is one", () => {
  const machine = {
    processor: "A processor",
    cores: 2,
    load: 0.5,
    platform: "linux x64",
    node: "v26.0.0",
    ganglion: "1",
  };
  const timing = { name: "ganglion", low: 0.5, median: 0.75, high: 1.25, wall: 1, turns: [] };
  const contenders = async () => [];
  const answers = [
    { name: "sums", contenders, rate: { unit: "sums/s", perRun: 1000 }, timings: [timing] },
    { name: "a step", contenders, timings: [timing, { ...timing, name: "another", median: 1234.5 }] },
  ];
  expect(
    renderBench(answers, machine, plain)
      .split("\n")
      .map((line) => line.replaceAll(/ {2,}/gu, " | ")),
  ).toEqual([
    "A processor, 2 cores, load 0.5, linux x64, Node v26.0.0",
    "One thread; processor time of one run, middle and quartiles of turns taken alternately.",
    "work | by | ms | quartiles | by the clock | rate",
    "sums | ganglion | 0.750 | 0.500-1.25 | 1.00 | 1,333,333 sums/s",
    "a step | ganglion | 0.750 | 0.500-1.25 | 1.00",
    " | another | 1,235 | 0.500-1.25 | 1.00",
  ]);
});
