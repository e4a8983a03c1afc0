// How many kilobytes does a page load, compressed, for tensors with gradients and their kernels?
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { answer, atMost } from "./measure/report.ts";
import type { Row } from "./measure/report.ts";
import { settings } from "./measure/settings.ts";

/** Modules that a page imports, and what they load later. */
const libraries: Record<string, { modules: readonly string[]; files?: readonly string[] }> = {
  "@ganglion/tensor, all of it": { modules: ["@ganglion/tensor"] },
  ...(!settings.short && {
    "@jax-js/jax": { modules: ["@jax-js/jax"] },
    "@tensorflow/tfjs, wasm": {
      modules: ["@tensorflow/tfjs", "@tensorflow/tfjs-backend-wasm"],
      files: ["@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm"],
    },
    "onnxruntime-web, no gradients": {
      modules: ["onnxruntime-web/wasm"],
      files: ["onnxruntime-web/ort-wasm-simd-threaded.wasm"],
    },
  }),
};

const rows: Row[] = [];
for (const [contender, { modules, files = [] }] of Object.entries(libraries)) {
  const script = await bundled(modules);
  const loaded = files.map((file) => readFileSync(fileURLToPath(import.meta.resolve(file))));
  const median = [script, ...loaded].reduce((total, bytes) => total + gzipSync(bytes).length, 0) / 1000;
  const first = rows[0]?.median ?? median;
  const size = { median, low: median, high: median, unit: "kB gzipped", rate: `${kilobytes(script)} minified` };
  const target = rows.length === 0 && { target: atMost(40, "kB", median) };
  rows.push({ work: "script and WebAssembly", contender, ratio: median / first, ...size, ...target });
}
answer("How many kilobytes does a page load, compressed, for tensors with gradients and their kernels?", rows);

async function bundled(modules: readonly string[]): Promise<Uint8Array> {
  const contents = modules.map((name, place) => `import * as m${place} from "${name}";\nconsole.log(m${place});`);
  const { outputFiles } = await build({
    stdin: { contents: contents.join("\n"), resolveDir: fileURLToPath(new URL("../", import.meta.url)) },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2023",
    conditions: modules[0]!.startsWith("@ganglion/") ? ["@ganglion/source"] : [],
    logLevel: "error",
  });
  return outputFiles[0]!.contents;
}

function kilobytes({ length }: Uint8Array): string {
  return `${(length / 1000).toFixed(0)} kB`;
}
