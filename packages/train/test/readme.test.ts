import * as files from "node:fs/promises";
import * as os from "node:os";
import * as tensor from "@ganglion/tensor";
import { runReadme } from "@ganglion/testing";
import { expect, test } from "vitest";
import * as train from "../src/index.ts";
import * as node from "../src/node.ts";

test("README's programs print what it says", async () => {
  const report = await runReadme(new URL("../README.md", import.meta.url), {
    imports: {
      "@ganglion/tensor": tensor,
      "@ganglion/train": train,
      "@ganglion/train/node": node,
      "node:fs/promises": files,
      "node:os": os,
    },
  });
  expect(report).toEqual({ blocks: 2, assertions: 3 });
});
