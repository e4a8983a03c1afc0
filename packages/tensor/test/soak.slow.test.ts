import { reserve } from "@ganglion/kernels";
import { memoryAtRest } from "@ganglion/testing";
import { expect, test } from "vitest";
import { compile, foldIn, key } from "../src/index.ts";
import { tinyStep, tinyTraining } from "./support/compiled-fingerprints.ts";

test("20,000 compiled updates leave memory as it is", async () => {
  const step = compile(tinyStep);
  let { state, x, target } = tinyTraining();
  const train = (from: number, to: number): void => {
    for (let update = from; update < to; update++) ({ state } = step(state, x, target, foldIn(key(3), update)));
  };
  const measure = async () => ({ ...(await memoryAtRest()), reserved: reserve(0).buffer.byteLength });
  train(0, 2000);
  const before = await measure();
  train(2000, 20_000);
  const after = await measure();
  expect(after.reserved).toBe(before.reserved);
  // 18,000 updates; a leak of one view in each would show as 1.7 MB and more
  expect(after.heap - before.heap).toBeLessThan(500_000);
  expect(after.buffers - before.buffers).toBeLessThan(100_000);
  expect(Number.isFinite(state.params.w1.data[0])).toBe(true);
});
