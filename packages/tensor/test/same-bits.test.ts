import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { compiledFingerprints, expectedCompiled } from "./support/compiled-fingerprints.ts";

describe("twenty compiled updates give the same bits", () => {
  test("as when their fingerprints were taken", () => {
    expect(compiledFingerprints()).toEqual(expectedCompiled);
  });

  test.each(["--liftoff-only", "--no-liftoff", "--no-opt"])("under node %s", (flag) => {
    const script = new URL("support/print-fingerprints.ts", import.meta.url).pathname;
    const parameters = [flag, "--conditions=@ganglion/source", script];
    const output = execFileSync(process.execPath, parameters, { encoding: "utf8" });
    expect(JSON.parse(output)).toEqual(expectedCompiled);
  });
});
