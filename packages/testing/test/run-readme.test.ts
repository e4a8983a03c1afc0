import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runReadme, type ReadmeReport } from "../src/index.ts";

const fence = "```";
const block = (...lines: string[]): string => [`${fence}ts`, ...lines, fence].join("\n");
const imports = { "@ganglion/example": { two: 2, twice: (x: number) => 2 * x, default: "whole" } };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "run-readme-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function run(...parts: string[]): Promise<ReadmeReport> {
  const path = join(folder, "README.md");
  await writeFile(path, parts.join("\n"));
  return runReadme(path, { imports });
}

describe("runReadme", () => {
  test("runs every ts block and counts what it checked", async () => {
    const text = [
      "# Title",
      block('import { two, twice as double } from "@ganglion/example";', "double(two); // -> 4"),
      `${fence}sh\nnot code at all (\n${fence}`,
      block("const x: number = 1 / 3; // -> 0.33", "// only a remark", "x > 1; // -> false"),
    ];
    expect(await run(...text)).toEqual({ blocks: 2, assertions: 3 });
  });

  test("takes a file URL", async () => {
    await run(block("1; // -> 1"));
    expect(await runReadme(pathToFileURL(join(folder, "README.md")))).toEqual({ blocks: 1, assertions: 1 });
  });

  test("understands default, namespace and type imports, and expressions over several lines", async () => {
    const code = block(
      'import whole, { two } from "@ganglion/example";',
      'import * as example from "@ganglion/example";',
      'import type { Missing } from "@ganglion/elsewhere";',
      "const f = (x: Missing): number => x as number;",
      "[",
      "  f(two as Missing),",
      "  example.twice(5),",
      "  whole.length,",
      "]; // -> [2, 10, 5]",
    );
    expect(await run(code)).toEqual({ blocks: 1, assertions: 1 });
  });

  test("checks the last of several statements on a line", async () => {
    expect(await run(block("1; 2; // -> 2", "const a = 3, b = 4; // -> 4"))).toEqual({ blocks: 1, assertions: 2 });
  });

  test("awaits promises, in the block and in what it checks", async () => {
    expect(await run(block("const x = await Promise.resolve(2);", "Promise.resolve(x + 1); // -> 3"))).toEqual({
      blocks: 1,
      assertions: 1,
    });
  });

  test("shares names with a block that continues, and with no other", async () => {
    expect(await run(block("const x = 2;"), block("// continues", "x + 1; // -> 3"))).toEqual({
      blocks: 2,
      assertions: 1,
    });
    await expect(run(block("const x = 2;"), block("x + 1; // -> 3"))).rejects.toThrow(
      new Error("README.md:5: the block that begins here throws: ReferenceError: x is not defined"),
    );
  });

  test("names line, expectation and value when an assertion fails", async () => {
    const text = ["# Title", "", block("const x = 2;", "", "x * 2; // -> 5")];
    await expect(run(...text)).rejects.toThrow("README.md:6: expected 5, received 4");
    await expect(run(block("// remark", "1;"), "", block("// continues", '"a"; // -> "b"'))).rejects.toThrow(
      'README.md:8: expected "b", received "a"',
    );
  });

  test.each([
    ["new Float32Array([1.5, -2]); // -> [1.5, 2]", "expected [1.5, 2], received [1.5, -2]"],
    ["({ a: [1n] }); // -> { a: [2n] }", "expected { a: [2n] }, received { a: [1n] }"],
    ['({ "a b": Int8Array.of(1), c: "d", e: null }); // -> {}', 'received { "a b": [1], c: "d", e: null }'],
    ["-0; // -> -1", "expected -1, received -0"],
    ["undefined; // -> null", "expected null, received undefined"],
    ["2n; // -> 2", "expected 2, received 2n"],
  ])("shows the value of %s", async (code, message) => {
    await expect(run(block(code))).rejects.toThrow(message);
  });

  test("tells which import is unknown or lacks a name, used or not", async () => {
    await expect(run(block('import { x } from "elsewhere";'))).rejects.toThrow(
      'README.md:2: imports "elsewhere", but runReadme was given @ganglion/example',
    );
    await expect(run(block('import { three } from "@ganglion/example";'))).rejects.toThrow(
      'README.md:2: "@ganglion/example" has no export "three"',
    );
    await expect(runReadme(join(folder, "README.md"))).rejects.toThrow("but runReadme was given nothing");
  });

  test("refuses an assertion that it would not check", async () => {
    const message = 'README.md:3: "// ->" must follow an expression or a const at the top level of its block';
    await expect(run(block("if (true) {", "  2; // -> 3", "}"))).rejects.toThrow(message);
    await expect(run(block("const { x } = { x: 1 };", "// -> 2"))).rejects.toThrow(message);
    await expect(run(block("const y = 1;", "const { x } = { x: y }; // -> 1"))).rejects.toThrow(message);
    await expect(run(block("let x;", "function f() {} // -> 2"))).rejects.toThrow(message);
  });

  test("refuses an expectation that is no literal", async () => {
    await expect(run(block("1; // -> about 1"))).rejects.toThrow('cannot compare with "about 1": write a literal');
  });

  test("refuses a README with nothing to run, a block left open and one with nothing to continue", async () => {
    await expect(run("# Title")).rejects.toThrow("README.md: there is no ts block to run");
    await expect(run(`${fence}ts`, "1;")).rejects.toThrow("README.md: the last code block is not closed");
    await expect(run(block("// continues", "1;"))).rejects.toThrow(
      "README.md:2: there is no ts block before this to continue",
    );
  });

  test("keeps the error of a block as the cause", async () => {
    const error = await run(block('throw new RangeError("too far");')).catch((reason: unknown) => reason);
    expect(String(error)).toBe("Error: README.md:2: the block that begins here throws: RangeError: too far");
    expect((error as Error).cause).toBeInstanceOf(RangeError);
  });

  test("names the line of a syntax error", async () => {
    await expect(run("", block("const = 1;"))).rejects.toThrow(new Error("README.md: Unexpected token (3:7)"));
  });
});
