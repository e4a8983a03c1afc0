import { expect, test } from "vitest";
import { expected, fingerprints } from "./support/fingerprints.ts";

test("the kernels give the same bits in a browser as in Node", () => {
  expect(fingerprints()).toEqual(expected);
});
