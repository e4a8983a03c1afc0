import { runReadme } from "@ganglion/testing";
import { expect, test } from "vitest";
import * as kernels from "../src/index.ts";

test("the README's example holds", async () => {
  const report = await runReadme(new URL("../README.md", import.meta.url), {
    imports: { "@ganglion/kernels": kernels },
  });
  expect(report).toEqual({ blocks: 1, assertions: 5 });
});
