import { readFileSync } from "node:fs";
import * as moe from "@ganglion/moe";
import * as nca from "@ganglion/nca";
import * as tensor from "@ganglion/tensor";
import { runReadme } from "@ganglion/testing";
import { expect, test } from "vitest";
import { withFigures } from "../scripts/figures-table.ts";

const readme = new URL("../../../README.md", import.meta.url);

test("the repository's README has an example that holds", async () => {
  const report = await runReadme(readme, {
    imports: { "@ganglion/moe": moe, "@ganglion/nca": nca, "@ganglion/tensor": tensor },
  });
  expect(report).toEqual({ blocks: 1, assertions: 1 });
});

test("the repository's README shows the figures of the cards", async () => {
  const text = readFileSync(readme, "utf8");
  // the formatter pads the columns of a table
  const unpadded = (table: string): string => table.replaceAll(/ +/g, " ").replaceAll(/-+/g, "-");
  expect(unpadded(text)).toBe(unpadded(await withFigures(text)));
});
