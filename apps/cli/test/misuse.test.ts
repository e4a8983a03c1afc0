import { fc, test } from "@fast-check/vitest";
import { afterEach, beforeEach, describe, expect, vi } from "vitest";
import { runCli } from "../src/cli.ts";
import { commandNames } from "../src/commands.ts";

let printed: string[];
let complained: string[];

beforeEach(() => {
  printed = [];
  complained = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => printed.push(String(text)) > 0);
  vi.spyOn(process.stderr, "write").mockImplementation((text) => complained.push(String(text)) > 0);
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** One letter too many, too few, exchanged or swapped. */
const slip = (words: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...words), fc.nat(), fc.constantFrom("insert", "drop", "exchange", "swap"))
    .map(([word, place, kind]) => {
      const at = place % word.length;
      if (kind === "insert") return `${word.slice(0, at)}q${word.slice(at)}`;
      if (kind === "drop") return word.slice(0, at) + word.slice(at + 1);
      if (kind === "exchange") return `${word.slice(0, at)}q${word.slice(at + 1)}`;
      return word.slice(0, at) + (word[at + 1] ?? "q") + word[at]! + word.slice(at + 2);
    });

const options = ["model", "weights", "vote", "steps", "schedule", "fire-rate", "seed", "check", "show", "live", "json"];
const known = new Set([...commandNames, "help"]);

describe("a command line that makes no sense", () => {
  test.prop(
    [
      fc.oneof(
        slip(commandNames)
          .filter((word) => !known.has(word) && word !== "" && !word.startsWith("-"))
          .map((word) => [word, "1", "2"]),
        slip(options)
          .filter((word) => word !== "" && !options.includes(word))
          .map((word) => ["add", "1", "2", `--${word}`]),
        fc.constantFrom("vote", "steps", "seed", "fire-rate").chain((option) =>
          fc
            .string()
            .filter((text) => !/^\s*[+-]?[\d.]/u.test(text) && !text.startsWith("--"))
            .map((text) => ["sub", "1", "2", `--${option}=${text}`]),
        ),
        fc
          .string({ minLength: 1, unit: "grapheme" })
          .filter((text) => /[^\d\s+]/u.test(text) && !/^-[^\d\s−-]|^--/u.test(text))
          .map((text) => ["add", text, "1"]),
        fc.array(fc.nat().map(String), { minLength: 3, maxLength: 6 }).map((numbers) => ["add", ...numbers]),
      ),
    ],
    { numRuns: 300 },
  )("gets exit 2 and one line on standard error", async (words) => {
    printed.length = 0;
    complained.length = 0;
    expect(await runCli(words)).toBe(2);
    expect(printed).toEqual([]);
    expect(complained.join("")).toMatch(/^[^\n]+: [^\n]+\n$/u);
    expect(complained.join("")).not.toMatch(/\bat .*:\d+:\d+|undefined|\[object/u);
  });

  test.prop([slip(commandNames.filter((name) => name.length > 4))])("is told what it is close to", async (word) => {
    fc.pre(!known.has(word));
    complained.length = 0;
    await runCli([word]);
    expect(complained.join("")).toMatch(/ Did you mean \w+\?\n$/u);
  });
});
