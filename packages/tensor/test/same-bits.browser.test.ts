import { expect, test } from "vitest";
import { compiledFingerprints, expectedCompiled } from "./support/compiled-fingerprints.ts";

test("twenty compiled updates give the same bits in a browser as in Node", () => {
  expect(compiledFingerprints()).toEqual(expectedCompiled);
});
