import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verifyModule } from "../src/node.ts";
import { modules } from "./support/modules.ts";

let folder: string;
const file = (name: string): string => join(folder, `${name}.mjs`);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ganglion-judge-"));
  for (const [name, source] of Object.entries(modules)) await writeFile(file(name), source);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("a user's module", () => {
  test("is asked, and reported with what it got wrong", async () => {
    const report = await verifyModule(file("honest"), { n: 100 });
    expect(report).toMatchObject({ model: "honest", causal: true, margin: 1, ties: 0 });
    expect(report.protocol).toMatchObject({ cases: 110, right: 110, mistakes: [] });
    expect(report.qualified).toBe(true);
    expect(report.parameters).toEqual({ counted: "declared", claimed: 2, unique: 3, strict: 2 });
    expect(report).not.toHaveProperty("withoutAttention");
    expect(report.withoutOthers).toBeLessThan(0.3);
    expect(report.suites.map(({ name }) => name).slice(0, 2)).toEqual(["boundaries", "carries 0"]);
    expect(report.suites.every(({ right, cases }) => right === cases && cases > 0)).toBe(true);
  });

  test("is asked as many sums about round numbers as one likes", async () => {
    const casesOf = async (boundaries?: number): Promise<number> => {
      const { suites } = await verifyModule(file("honest"), { n: 1, ...(boundaries !== undefined && { boundaries }) });
      return suites[0]!.cases;
    };
    expect([await casesOf(0), await casesOf(777), await casesOf()]).toEqual([0, 777, 10_000]);
  });

  test("loses its attention when it hands it over, and has to need it", async () => {
    const attentive = await verifyModule(file("attentive"), { n: 20, boundaries: 100 });
    expect(attentive).toMatchObject({ withoutAttention: 0, qualified: true });
    expect(attentive.protocol.right).toBe(30);
    const pretends = await verifyModule(file("pretends"), { n: 20, boundaries: 100 });
    expect(pretends).toMatchObject({ withoutAttention: 1, qualified: false });
    expect(pretends.protocol.right).toBe(30);
  });

  test("is counted by what it exports, or by what is written in it, when it declares nothing", async () => {
    const exporting = await verifyModule(file("exporting"), { n: 1, boundaries: 0 });
    expect(exporting.parameters).toEqual({ counted: "exported", unique: 5, strict: 3 });
    const { parameters } = await verifyModule(file("attentive"), { n: 1, boundaries: 0 });
    expect(parameters).toMatchObject({ counted: "written", strict: 6 });
  });

  test.each([
    ["throws", "throws", "complete threw no such layer"],
    ["hangs", "time limit", "expected complete to answer within 1 s, and gave up"],
    ["nan", "not a number", "expected logits that are numbers, received NaN"],
    ["exits", "exits", "expected complete to answer, and the module ended its thread with code 3"],
    ["peeks", "peeks at the future", "peeks at the future: the logits of token 0 change with the tokens after it"],
    ["remembers", "peeks at the future", "peeks at the future: the logits of token 21 change with the tokens after it"],
    [
      "missing",
      "interface",
      "expected a module that exports steps, encode, forward and decode, received one without decode",
    ],
    ["short", "interface", "expected forward to return one row of logits per token, received 1 for 2 tokens"],
    ["tokens", "tokens", "expected encode to return whole numbers from 0, at least one"],
  ])("that %s is named as such", async (name, offence, problem) => {
    const attempt = verifyModule(file(name), { n: 10, seconds: 1 });
    await expect(attempt).rejects.toMatchObject({
      name: "ModuleError",
      offence,
      message: `verify: ${file(name)}: ${problem}`,
    });
  });

  test("that does not load is named as such", async () => {
    await expect(verifyModule(file("loads"), { n: 10, seconds: 5 })).rejects.toThrow(
      /expected a module that loads, received Cannot find module/u,
    );
  });
});
