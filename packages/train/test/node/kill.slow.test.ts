import { expect, test } from "vitest";
import { killAndResume } from "../support/kills.ts";

test("50 kills lose nothing", { timeout: 300_000 }, async () => {
  const { hashes, metrics, steps, lost } = await killAndResume(50, 2);
  expect(hashes[0]).toBe(hashes[1]);
  expect(metrics[0]).toBe(metrics[1]);
  expect(steps).toEqual(steps.map((_, index) => index + 1));
  expect(lost).toBe(0);
});
