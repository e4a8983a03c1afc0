import { runReadme } from "@ganglion/testing";
import { expect, test } from "vitest";
import * as int8 from "../src/index.ts";

test("the README's examples hold", async () => {
  const report = await runReadme(new URL("../README.md", import.meta.url), { imports: { "@ganglion/int8": int8 } });
  expect(report).toEqual({ blocks: 2, assertions: 6 });
});
