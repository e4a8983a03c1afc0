import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test, vi } from "vitest";
import { useFast } from "../src/fast.ts";
import { PATIENCE, ganglion } from "./support/cli.ts";

const float32 = fileURLToPath(new URL("../../../packages/models/weights/gary.float32.ganglion", import.meta.url));

describe("--fast", { timeout: PATIENCE }, () => {
  test("answers with float32 weights as without it", async () => {
    const words = ["eval", "gary", "--suite", "heldout", "--n", "300", "--weights", float32, "--json"];
    const [strict, fast] = await Promise.all([ganglion(words), ganglion([...words, "--fast"])]);
    expect([strict.code, fast.code, fast.stderr]).toEqual([0, 0, ""]);
    const [a, b] = [strict, fast].map(({ stdout }) => JSON.parse(stdout) as { command: string; rows: unknown });
    expect(b!.rows).toEqual(a!.rows);
    expect(b!.command).toBe(`${a!.command} --fast`);
    const sum = await ganglion(["add", "1234567", "7654321", "--model", "gary", "--weights", float32, "--fast"]);
    expect(sum).toEqual({ code: 0, stdout: "8888888\n", stderr: "" });
  });

  test("trains, and says how to go on with it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "ganglion-fast-"));
    try {
      const { code, stdout } = await ganglion(["train", "gary", "--seconds", "1", "--out", folder, "--fast", "--json"]);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ resume: `ganglion train gary --resume --out ${folder} --fast` });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test.each([
    [
      ["add", "1", "2", "--fast"],
      "add: expected --fast with weights in float32 only: ripple computes in integers, which it does not change. Leave it out, or name a file by --weights?",
    ],
    [["eval", "gary", "--fast", "--exact"], "eval: expected --exact or --fast, received both"],
    [["add", "1", "2", "--model", "tiny9", "--fast"], "add: expected --fast with meshes only, received tiny9"],
  ])("says where it changes nothing: %j", async (words, message) => {
    expect(await ganglion(words)).toEqual({ code: 2, stdout: "", stderr: `${message}\n` });
  });

  test("notes that an engine lacks relaxed SIMD, and goes on without", async () => {
    vi.spyOn(WebAssembly, "validate").mockReturnValue(false);
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    await useFast("train", true, { model: "gary", arithmetic: "float32" });
    expect(warn.mock.calls).toEqual([
      [
        "fast: expected relaxed SIMD, which this engine lacks: products stay strict. Node 22, Chrome 114 or Firefox 145?",
      ],
    ]);
    vi.restoreAllMocks();
  });

  test("says in its help that bits may differ", async () => {
    for (const command of ["add", "sub", "eval", "train"]) {
      expect((await ganglion([command, "--help"])).stdout.replaceAll(/\s+/gu, " ")).toContain(
        "bits may differ between machines",
      );
    }
  });
});
