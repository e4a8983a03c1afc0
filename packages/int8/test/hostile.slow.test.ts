import { describe, expect, test } from "vitest";
import { campaign } from "./support/verdict.ts";

describe("decode", () => {
  test(
    "refuses 1,000,000 mutants or, when their checksum is made right, accepts only what encode writes",
    { timeout: 600_000 },
    () => {
      const start = performance.now();
      const { plain, resealed, slow } = campaign(1_000_000, 2);
      console.log({ plain, resealed, slow, seconds: (performance.now() - start) / 1000 });
      expect(plain).not.toHaveProperty("accepted");
      expect(slow).toBe(0);
    },
  );
});
