import { runReadme } from "@ganglion/testing";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as tensor from "../src/index.ts";

const readme = new URL("../README.md", import.meta.url);

test("the README's examples hold", async () => {
  const report = await runReadme(readme, { imports: { "@ganglion/tensor": tensor } });
  expect(report).toEqual({ blocks: 2, assertions: 3 });
});

test("the README names every export", () => {
  const words = new Set(readFileSync(readme, "utf8").match(/\w+/gu));
  expect(Object.keys(tensor).filter((name) => !words.has(name))).toEqual([]);
});
