import { describe, expect, test } from "vitest";
import { PATIENCE, ganglion } from "./support/cli.ts";

describe("--threads", { timeout: PATIENCE }, () => {
  test("does not change what is measured", async () => {
    const words = ["eval", "gary", "--suite", "heldout", "--n", "1200", "--json"];
    const [alone, together, asMany] = await Promise.all([
      ganglion([...words, "--threads", "1"]),
      ganglion([...words, "--threads", "2"]),
      ganglion(words),
    ]);
    expect(alone.code).toBe(0);
    expect(together).toEqual(alone);
    expect(asMany).toEqual(alone);
  });

  test("says which counts there are", async () => {
    for (const command of ["eval", "train"]) {
      const { code, stderr } = await ganglion([command, "gary", "--threads", "some"]);
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: `${command}: expected --threads to be a whole number of at least 1, or auto, received "some"\n`,
      });
    }
  });
});
