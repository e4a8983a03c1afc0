// A copy of the repository's manifests with one more import in it: `turbo boundaries` must refuse what breaks the layers.
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const execute = promisify(execFile);
const repository = fileURLToPath(new URL("../../../", import.meta.url));

let copy: string;

beforeEach(async () => {
  copy = await mkdtemp(join(tmpdir(), "boundaries-"));
  for (const name of ["package.json", "pnpm-workspace.yaml", "pnpm-lock.yaml", "turbo.json"]) {
    await cp(join(repository, name), join(copy, name));
  }
  for (const name of await readdir(join(repository, "packages"))) {
    await mkdir(join(copy, "packages", name, "src"), { recursive: true });
    for (const file of ["package.json", "turbo.json"]) {
      await cp(join(repository, "packages", name, file), join(copy, "packages", name, file));
    }
  }
  await symlink(join(repository, "node_modules"), join(copy, "node_modules"), "junction");
  await execute("git", ["init", "--quiet"], { cwd: copy });
});

afterEach(async () => {
  await rm(copy, { recursive: true, force: true });
});

describe("turbo boundaries", () => {
  test.each([
    ["moe", "nca", "a part that imports another part"],
    ["tensor", "moe", "the core importing a part"],
    ["kernels", "int8", "one base package importing another"],
    ["testing", "tensor", "an oracle that imports what it judges"],
    ["train", "models", "a part that imports the models"],
  ])("refuses @ganglion/%s importing @ganglion/%s: %s", async (from, to) => {
    await addImport(from, to);
    const { code, output } = await boundaries();
    const complaint = `Package \`@ganglion/${to}\` found with tag listed in denylist for \`@ganglion/${from}\``;
    // turbo breaks its lines anywhere
    expect(output.replaceAll(/[\s|]/g, "")).toContain(complaint.replaceAll(" ", ""));
    expect(code).toBe(1);
  });

  test("refuses the import of a package that is no dependency", async () => {
    await writeFile(join(copy, "packages/moe/src/index.ts"), 'import "@ganglion/train";\n');
    const { code, output } = await boundaries();
    expect(output).toContain("cannot import package `@ganglion/train` because it is not a dependency");
    expect(code).toBe(1);
  });

  // `pnpm lint` leaves kernels out, since turbo cannot parse AssemblyScript's decorators: its manifest is judged here
  test("accepts the repository's own dependencies", async () => {
    expect(await boundaries()).toMatchObject({ code: 0 });
  });

  test("accepts imports from layers below", async () => {
    await addImport("models", "nca");
    await addImport("moe", "tensor");
    expect(await boundaries()).toMatchObject({ code: 0 });
  });
});

async function addImport(from: string, to: string): Promise<void> {
  const path = join(copy, "packages", from, "package.json");
  const manifest = JSON.parse(await readFile(path, "utf8")) as { dependencies?: Record<string, string> };
  manifest.dependencies = { ...manifest.dependencies, [`@ganglion/${to}`]: "workspace:^" };
  await writeFile(path, JSON.stringify(manifest));
  await writeFile(join(copy, "packages", from, "src/index.ts"), `import "@ganglion/${to}";\n`);
}

async function boundaries(): Promise<{ code: number; output: string }> {
  const turbo = join(repository, "node_modules/turbo/bin/turbo");
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: "1" };
  return execute(process.execPath, [turbo, "boundaries", "--no-color"], { cwd: copy, env }).then(
    ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      output: error.stdout + error.stderr,
    }),
  );
}
