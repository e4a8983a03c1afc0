import { runReadme } from "@ganglion/testing";
import { expect, test } from "vitest";
import * as neurons from "../src/index.ts";

test("README's programs print what it says", async () => {
  const report = await runReadme(new URL("../README.md", import.meta.url), {
    imports: { "@ganglion/neurons": neurons },
  });
  expect(report.blocks).toBe(2);
  expect(report.assertions).toBeGreaterThan(5);
});
