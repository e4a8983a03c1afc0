import { expect, test } from "vitest";
import { memoryAtRest } from "../src/index.ts";

test("memoryAtRest sees what is held, and nothing that was let go of", async () => {
  const held: Float64Array[] = [];
  // a function of its own, so that no variable holds the last one
  const allocate = (): void => {
    for (let i = 0; i < 100; i++) {
      const values = new Float64Array(10_000);
      if (i % 10 === 0) held.push(values);
    }
  };
  const before = await memoryAtRest();
  allocate();
  const during = await memoryAtRest();
  expect(Math.abs(during.buffers - before.buffers - 10 * 80_000)).toBeLessThan(40_000);
  expect(during.heap - before.heap).toBeLessThan(500_000);
  expect(held.splice(0)).toHaveLength(10);
  const after = await memoryAtRest();
  expect(Math.abs(after.buffers - before.buffers)).toBeLessThan(40_000);
});
