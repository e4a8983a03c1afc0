// How many megabytes does `npm install` leave, dependencies included?
import { globSync, readFileSync, realpathSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { answer } from "./measure/report.ts";
import type { Row } from "./measure/report.ts";
import { settings } from "./measure/settings.ts";

interface Manifest {
  readonly name: string;
  readonly files?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
}

const here = new URL("../package.json", import.meta.url).pathname;
const libraries = settings.short
  ? ["@ganglion/tensor"]
  : ["@ganglion/tensor", "@jax-js/jax", "@tensorflow/tfjs-backend-wasm", "@tensorflow/tfjs", "onnxruntime-web"];

const rows: Row[] = [];
for (const contender of libraries) {
  const packages = closure(contender, here, new Map());
  const bytes = [...packages.keys()].reduce((total, folder) => total + installed(folder, packages.get(folder)!), 0);
  const median = bytes / 1e6;
  const first = rows[0]?.median ?? median;
  const rate = `${packages.size} packages`;
  rows.push({
    work: "unpacked",
    contender,
    ratio: median / first,
    median,
    low: median,
    high: median,
    unit: "MB",
    rate,
  });
}
answer("How many megabytes does `npm install` leave, dependencies included?", rows);

/** Folders of a package and of all that it depends on. */
function closure(name: string, from: string, found: Map<string, Manifest>): Map<string, Manifest> {
  const folder = folderOf(name, from);
  if (found.has(folder)) return found;
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  found.set(folder, manifest);
  for (const dependency of Object.keys(manifest.dependencies ?? {})) {
    closure(dependency, join(folder, "package.json"), found);
  }
  return found;
}

function folderOf(name: string, from: string): string {
  const folders = createRequire(realpathSync(from)).resolve.paths(`${name}/package.json`) ?? [];
  for (const folder of folders) {
    if (statSync(join(folder, name, "package.json"), { throwIfNoEntry: false }))
      return realpathSync(join(folder, name));
  }
  throw new Error(`${name}: not installed beside ${dirname(from)}`);
}

/** Bytes of a package's files; of one of ours, those that are published. */
function installed(folder: string, { name, files }: Manifest): number {
  const own = name.startsWith("@ganglion/");
  const patterns = own ? [...files!.map((file) => `${file}/**`), "package.json", "README.md"] : ["**"];
  return globSync(patterns, { cwd: folder, exclude: ["node_modules/**"] })
    .map((file) => statSync(join(folder, file)))
    .reduce((total, stats) => total + (stats.isFile() ? stats.size : 0), 0);
}
