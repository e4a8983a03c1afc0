// Every kernel against its reference in 10,000 random cases: the everyday tests, with more of them.
import { expect, test } from "vitest";
import { trials } from "./support/trials.ts";

await import("./automaton.test.ts");
await import("./elementwise.test.ts");
await import("./gemm.test.ts");
await import("./grouped.test.ts");
await import("./integer-automaton.test.ts");
await import("./map-unary.test.ts");
await import("./mesh.test.ts");
await import("./optimiser.test.ts");
await import("./rows.test.ts");
await import("./sparse.test.ts");

test("the slow run draws 10,000 cases", () => {
  expect(trials(1)).toEqual({ numRuns: 10_000 });
});
