import { describe, expect, test } from "vitest";
import { campaign } from "./support.ts";

describe("loadGraph", () => {
  test("answers 1,000,000 mutants with a graph or a typed error", () => {
    const start = performance.now();
    const { plain, resealed } = campaign(1_000_000, 2);
    console.log({ plain, resealed, seconds: (performance.now() - start) / 1000 });
    expect(plain.accepted).toBe(0);
    expect(plain.refused + resealed.refused + resealed.accepted).toBe(1_000_000);
  });
});
