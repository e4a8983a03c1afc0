import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { expectedCompiled } from "./support/compiled-fingerprints.ts";

const folder = mkdtempSync(join(tmpdir(), "ganglion-node-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(["22", "24"])("Node %s", (version) => {
  const node = provide(version);
  const missing =
    node === undefined ? ` (skipped: node-${process.platform}-${process.arch}@${version} cannot be had from npm)` : "";

  test.skipIf(node === undefined)(`gives the bits of compiled updates that Node 26 gives${missing}`, () => {
    expect(printed(node!, new URL("support/print-fingerprints.ts", import.meta.url))).toEqual(expectedCompiled);
  });

  test.skipIf(node === undefined)(
    `gives the bits of automata on 1, 2, 4 and 8 threads that Node 26 gives${missing}`,
    () => {
      const script = new URL("../../kernels/test/support/print-automaton-fingerprints.ts", import.meta.url);
      expect(printed(node!, script)).toEqual(printed(process.execPath, script));
    },
  );
});

/** A Node of another version, from the npm registry; undefined when it cannot be had. */
function provide(version: string): string | undefined {
  const name = `node-${process.platform}-${process.arch}`;
  const prefix = join(folder, version);
  const flags = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"];
  spawnSync("npm", ["install", "--prefix", prefix, ...flags, `${name}@${version}`], { timeout: 300_000 });
  const node = join(prefix, "node_modules", name, "bin", "node");
  return existsSync(node) ? node : undefined;
}

function printed(node: string, script: URL): unknown {
  const { stdout, stderr } = spawnSync(node, ["--conditions=@ganglion/source", script.pathname], { encoding: "utf8" });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout);
}
