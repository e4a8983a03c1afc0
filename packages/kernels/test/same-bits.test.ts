import { execFileSync } from "node:child_process";
import { afterEach, describe, expect, test, vi } from "vitest";
import { expected, fingerprints } from "./support/fingerprints.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

describe("the kernels give the same bits", () => {
  test("as when their fingerprints were taken", () => {
    expect(fingerprints()).toEqual(expected);
  });

  test.each(["--liftoff-only", "--no-liftoff", "--no-opt"])("under node %s", (flag) => {
    const script = new URL("support/print-fingerprints.ts", import.meta.url).pathname;
    const output = execFileSync(process.execPath, [flag, script], { encoding: "utf8" });
    expect(JSON.parse(output)).toEqual(expected);
  });

  test("without WebAssembly", async () => {
    vi.stubGlobal("WebAssembly", undefined);
    expect(await afresh()).toEqual(expected);
  });

  test("without WebAssembly SIMD", async () => {
    vi.stubGlobal("WebAssembly", { validate: () => false });
    expect(await afresh()).toEqual(expected);
  });
});

/** The fingerprints of a second copy of the kernels, which looks for SIMD anew. */
async function afresh(): Promise<Record<string, string>> {
  vi.resetModules();
  const copy = await import("./support/fingerprints.ts");
  return copy.fingerprints();
}
