import { readFile } from "node:fs/promises";
import { expect, test, vi } from "vitest";
import { commandNames } from "../src/commands.ts";
import { ganglion, PATIENCE } from "./support/cli.ts";

vi.setConfig({ testTimeout: PATIENCE });

const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");

test("the README's commands print what it says", async () => {
  const lines = Array.from(readme.matchAll(/^ganglion ([^#\n]+?) +# (-?\d+)$/gmu), ([, words, answer]) => ({
    words: words!.split(" "),
    answer: answer!,
  }));
  expect(lines.length).toBeGreaterThan(1);
  for (const { words, answer } of lines) {
    expect(await ganglion(words)).toEqual({ code: 0, stdout: `${answer}\n`, stderr: "" });
  }
});

test("the README names every command", () => {
  for (const name of commandNames) expect(readme).toMatch(new RegExp(`\`${name}[ \`]`, "u"));
});
