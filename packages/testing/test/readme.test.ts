import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as testing from "../src/index.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "testing-readme-"));
  await writeFile(join(folder, "README.md"), "```ts\n1 + 1; // -> 2\nconst x = 3; // -> 3\n```\n");
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

test("the README's examples hold", async () => {
  const report = await testing.runReadme(new URL("../README.md", import.meta.url), {
    imports: { "@ganglion/testing": testing, "@ganglion/example": { folder: pathToFileURL(folder + sep) } },
  });
  expect(report).toEqual({ blocks: 2, assertions: 2 });
});
