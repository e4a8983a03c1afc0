import * as tensor from "@ganglion/tensor";
import { runReadme } from "@ganglion/testing";
import { expect, test } from "vitest";
import * as models from "../src/index.ts";

test("the README's examples hold", async () => {
  const report = await runReadme(new URL("../README.md", import.meta.url), {
    imports: { "@ganglion/models": models, "@ganglion/tensor": tensor },
  });
  expect(report).toEqual({ blocks: 4, assertions: 12 });
});
