import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { reserve } from "@ganglion/kernels";
import { expect, test } from "vitest";
import { compile, foldIn, key } from "../src/index.ts";
import { tinyStep, tinyTraining } from "./support/compiled-fingerprints.ts";

test("20,000 compiled updates leave memory as it is", () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const step = compile(tinyStep);
  let { state, x, target } = tinyTraining();
  const train = (from: number, to: number): void => {
    for (let update = from; update < to; update++) ({ state } = step(state, x, target, foldIn(key(3), update)));
  };
  const measure = (): { heap: number; buffers: number; reserved: number } => {
    // twice: what finalizers let go of is gone after the second time
    collect();
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return { heap: heapUsed, buffers: arrayBuffers, reserved: reserve(0).buffer.byteLength };
  };
  train(0, 2000);
  const before = measure();
  train(2000, 20_000);
  const after = measure();
  expect(after.reserved).toBe(before.reserved);
  // 18,000 updates; a leak of one view in each would show as 1.7 MB and more
  expect(after.heap - before.heap).toBeLessThan(500_000);
  expect(after.buffers - before.buffers).toBeLessThan(100_000);
  expect(Number.isFinite(state.params.w1.data[0])).toBe(true);
});
