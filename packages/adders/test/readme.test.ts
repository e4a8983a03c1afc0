import * as tensor from "@ganglion/tensor";
import { runReadme } from "@ganglion/testing";
import { expect, test } from "vitest";
import * as adders from "../src/index.ts";

test("README's programs print what it says", async () => {
  const report = await runReadme(new URL("../README.md", import.meta.url), {
    imports: { "@ganglion/tensor": tensor, "@ganglion/adders": adders },
  });
  expect(report.blocks).toBeGreaterThan(0);
  expect(report.assertions).toBeGreaterThan(0);
});
