import { expect, test } from "vitest";
import { killAndResume } from "../support/kills.ts";

test(
  "a run that is killed five times ends with the same bits and metrics as one that is not",
  { timeout: 60_000 },
  async () => {
    const { hashes, metrics, steps, lost } = await killAndResume(5, 1);
    expect(hashes[0]).toBe(hashes[1]);
    expect(metrics[0]).toBe(metrics[1]);
    expect(steps).toEqual(steps.map((_, index) => index + 1));
    expect(lost).toBe(0);
  },
);
