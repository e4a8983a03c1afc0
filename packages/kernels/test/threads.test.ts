import { spawnSync } from "node:child_process";
import { afterEach, describe, expect, test, vi } from "vitest";
import { automatonProgram, threads } from "../src/index.ts";
import { AUTOMATON_KERNELS, automatonModule } from "../src/automaton/memory.ts";
import { Script } from "../src/threads/script.ts";
import { Team } from "../src/threads/team.ts";
import { teamFor } from "../src/threads/threads.ts";
import type { Job } from "../src/threads/job.ts";
import { runOf, shapeOf, weightsOf } from "./support/automata.ts";
import { automatonFingerprints, expectedAutomaton } from "./support/automaton-fingerprints.ts";
import { expectedShared, sharedFingerprints } from "./support/shared-fingerprints.ts";

const shape = shapeOf({ cells: 8, channels: 16, hidden: 16, experts: 6, topK: 2, lattice: "strip", seed: 3 });
const run = runOf(shape, { batch: 700, steps: 6, rate: 0.6, seed: 4 });

afterEach(() => {
  threads(1);
  vi.unstubAllGlobals();
  vi.resetModules();
});

describe("threads", () => {
  test.each([1, 2, 4, 8])("changes no bit of training and inference: %i", async (count) => {
    expect(await automatonFingerprints(count)).toEqual({ used: count, hashes: expectedAutomaton });
    expect(sharedFingerprints(count)).toEqual({ used: count, together: count > 1, hashes: expectedShared });
  });

  test("lets workers take parts", () => {
    threads(3);
    const program = automatonProgram(shape);
    program.load(weightsOf(shape, 1));
    const team = teamFor(Infinity)!;
    expect(team.ready(10_000)).toBe(true);
    const perform = vi.spyOn(team, "perform");
    for (let i = 0; i < 100; i++) {
      program.run(run);
      const owners = perform.mock.results.at(-1)!.value as readonly number[];
      expect(owners).toHaveLength(11);
      if (owners.some((owner) => owner !== 0)) return;
    }
    expect.fail("no worker took a part in 100 roll-outs");
  });

  test("changes no bit of mixtures on graphs", () => {
    const graph = shapeOf({ cells: 30, channels: 12, hidden: 16, experts: 4, topK: 2, lattice: "graph", seed: 5 });
    const weights = weightsOf(graph, 6);
    const given = runOf(graph, { batch: 200, steps: 5, rate: 0.6, seed: 7 });
    const onThreads = (count: number): unknown => {
      threads(count);
      expect(teamFor(Infinity)?.ready(10_000)).toBe(count > 1 ? true : undefined);
      const program = automatonProgram(graph);
      program.load(weights);
      const result = program.run(given);
      return { result, gradients: program.backward({ states: result.states, z: result.z }) };
    };
    const alone = onThreads(1);
    for (const count of [2, 4, 8]) expect(onThreads(count)).toEqual(alone);
  });

  test.each(["ring", "graph"] as const)("changes no bit of one large lattice of mixtures, a %s", (lattice) => {
    const large = shapeOf({ cells: 5000, channels: 12, hidden: 32, experts: 4, topK: 2, lattice, seed: 5 });
    const { batch, state, inputs, masks } = runOf(large, { batch: 1, steps: 4, rate: 0.6, seed: 7 });
    const runs = [
      { batch, state, masks },
      { batch, state, inputs, masks, keep: true },
    ];
    const program = automatonProgram(large);
    program.load(weightsOf(large, 6));
    const alone = runs.map((each) => program.run(each));
    for (const count of [2, 4, 8]) {
      threads(count);
      const team = teamFor(Infinity)!;
      expect(team.ready(10_000)).toBe(true);
      const perform = vi.spyOn(team, "perform");
      expect(runs.map((each) => program.run(each))).toEqual(alone);
      expect(perform).toHaveBeenCalledTimes(2 * masks.length);
      const parts = perform.mock.results.map(({ value }) => (value as readonly number[]).length);
      expect(parts).toEqual(parts.map(() => 4));
    }
  });

  test("is for large roll-outs only", () => {
    threads(2);
    const program = automatonProgram(shape);
    program.load(weightsOf(shape, 1));
    const perform = vi.spyOn(teamFor(Infinity)!, "perform");
    program.run(runOf(shape, { batch: 65, steps: 1, rate: 0.6, seed: 4 }));
    expect(perform).not.toHaveBeenCalled();
  });

  test("goes back through roll-outs whose tape has been overwritten, or whose workers are gone", () => {
    const expected = gradients(() => {});
    expect(gradients(() => threads(2))).toEqual(expected);
    threads(2);
    const other = automatonProgram(shape);
    other.load(weightsOf(shape, 9));
    expect(gradients(() => other.run(run))).toEqual(expected);
    expect(gradients(() => threads(4))).toEqual(expected);
    expect(gradients(() => threads(1))).toEqual(expected);
  });

  test("says which counts there are", () => {
    const expected = (count: number): string =>
      `threads: expected a whole number of at least 1, or "auto", received ${count}`;
    for (const count of [0, -1, 1.5, NaN, Infinity]) expect(() => threads(count)).toThrow(RangeError(expected(count)));
    expect(threads(100)).toBe(16);
    expect(threads("auto")).toBe(Math.min(16, navigator.hardwareConcurrency));
  });

  test("says once that it needs shared memory", async () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    vi.stubGlobal("SharedArrayBuffer", undefined);
    vi.resetModules();
    const { threads } = await import("../src/index.ts");
    expect([threads(4), threads("auto"), threads(1)]).toEqual([1, 1, 1]);
    expect(warn.mock.calls).toEqual([
      [
        "threads: one thread is used: expected SharedArrayBuffer, which is missing. Serve the page with Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp?",
      ],
    ]);
    warn.mockRestore();
  });

  test("keeps no process alive", () => {
    const script = `
      import { threads } from ${JSON.stringify(new URL("../src/index.ts", import.meta.url))};
      import { automatonFingerprints } from ${JSON.stringify(new URL("support/automaton-fingerprints.ts", import.meta.url))};
      console.log((await automatonFingerprints(2)).used);`;
    const { stdout, status } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      encoding: "utf8",
      timeout: 15_000,
    });
    expect({ stdout, status }).toEqual({ stdout: "2\n", status: 0 });
  });
});

describe("a team", () => {
  test("hands on what went wrong in a worker, and goes on", () => {
    const team = new Team(2, { module: automatonModule()!, instead: undefined, names: AUTOMATON_KERNELS });
    expect(team.ready(10_000)).toBe(true);
    const machine = { memory: new WebAssembly.Memory({ initial: 1 }), calls: [], pulse: new Int32Array(1) };
    const out = new Float32Array(1);
    const script = new Script();
    const nothing = { start: 0, end: 0 };
    const fine = script.span(() => {
      script.set(0, new Int32Array(new Float32Array([7]).buffer));
      script.write({ slot: 0, offset: 0, width: 1, address: 0, step: 1, rows: 1 });
    });
    const wrong = script.span(() => script.call(99));
    const job = { script, setup: nothing, weights: nothing, start: nothing, slots: [out], program: 1, version: 1 };
    const given: Job = { ...job, parts: [fine], owners: [1], bytes: 0 };
    expect(team.perform(given, machine)).toEqual([1]);
    expect(out).toEqual(Float32Array.of(7));
    expect(() => team.perform({ ...given, parts: [wrong] }, machine)).toThrow(
      Error("threads: a worker failed: TypeError: calls[a] is not a function"),
    );
    expect(() => team.perform({ ...given, parts: [wrong], owners: [0] }, machine)).toThrow(
      TypeError("calls[a] is not a function"),
    );
    out.fill(0);
    expect(team.perform(given, machine)).toEqual([1]);
    expect(out).toEqual(Float32Array.of(7));
    team.end();
  });

  test("notices soon that a worker has died with a part in its hands", async () => {
    const team = new Team(2, { module: automatonModule()!, instead: undefined, names: AUTOMATON_KERNELS });
    expect(team.ready(10_000)).toBe(true);
    // the event of the worker's start has been seen
    await new Promise((resolve) => setTimeout(resolve, 200));
    const machine = { memory: new WebAssembly.Memory({ initial: 1 }), calls: [], pulse: new Int32Array(1) };
    const nothing = { start: 0, end: 0 };
    const spans = { setup: nothing, weights: nothing, start: nothing, parts: [nothing], owners: [1] };
    const job: Job = { ...spans, script: new Script(), slots: [], program: 1, version: 1, bytes: 0 };
    expect(team.perform(job, machine)).toEqual([1]);
    team.end();
    const start = performance.now();
    const lost = Error("threads: a worker ended before its work was done. Repeat the call: others start?");
    expect(() => team.perform(job, machine)).toThrow(lost);
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(team.failure).toEqual(lost);
  });

  test("is replaced by another when a worker has died", async () => {
    threads(2);
    const first = teamFor(Infinity)!;
    expect(first.ready(10_000)).toBe(true);
    first.failure = Error("lost");
    expect(gradients(() => {})).toEqual(gradients(() => threads(1)));
    threads(2);
    expect(teamFor(Infinity)).not.toBe(first);
  });

  test("leaves a job alone that is too large to be shared", () => {
    const team = new Team(2, { module: automatonModule()!, instead: undefined, names: AUTOMATON_KERNELS });
    const slot = new Uint8Array(2 ** 30);
    const nothing = { start: 0, end: 0 };
    const spans = { setup: nothing, weights: nothing, start: nothing, parts: [nothing] };
    const job: Job = { ...spans, script: new Script(), slots: [slot], program: 1, version: 1, bytes: 0 };
    const machine = { memory: new WebAssembly.Memory({ initial: 1 }), calls: [], pulse: new Int32Array(1) };
    expect(team.perform(job, machine)).toBeUndefined();
    team.end();
  });
});

/** Gradients on as many threads as are set, where something happens between the roll-out and the way back. */
function gradients(between: () => void): unknown {
  const program = automatonProgram(shape);
  program.load(weightsOf(shape, 1));
  const { states, balance, z } = program.run(run);
  between();
  return program.backward({ states, balance, z });
}
