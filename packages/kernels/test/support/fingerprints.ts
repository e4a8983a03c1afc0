import * as kernels from "../../src/index.ts";
import type { UnaryName } from "../../src/index.ts";
import { meshFingerprints } from "./meshes.ts";
import { sparseFingerprints } from "./sparse.ts";
import { bits, everyFloat32, fingerprint, sequence } from "./samples.ts";

const names: readonly UnaryName[] = ["exp", "log", "tanh", "sigmoid", "sin", "cos", "erf"];

/** Hashes of what the kernels compute from fixed inputs; the same on every engine, with and without SIMD. */
export function fingerprints(): Record<string, string> {
  const result: Record<string, string> = {};
  const x32 = everyFloat32(1000003);
  const next = sequence(5);
  const x64 = Float64Array.from({ length: 4000 }, (_, i) => next() * 2 ** ((i % 60) - 40));
  for (const name of names) {
    const out32 = new Float32Array(x32.length);
    kernels.mapUnary(name, x32, out32);
    result[`${name} float32`] = fingerprint(bits(out32));
    const out64 = new Float64Array(x64.length);
    kernels.mapUnary(name, x64, out64);
    result[`${name} float64`] = fingerprint(bits(out64));
  }
  for (const Values of [Float32Array, Float64Array]) {
    const [m, n, k] = [37, 29, 300];
    const out = new Values(m * n);
    kernels.gemm({ m, n, k, a: new Values(m * k).map(next), b: new Values(k * n).map(next), out });
    result[`gemm ${Values.name}`] = fingerprint(bits(out));
  }
  const words = new Uint32Array(1000);
  kernels.randomBits(7, 11, 2 ** 34 - 2, words);
  result["randomBits"] = fingerprint(words);
  result["cellHash"] = fingerprint(words.map((word, i) => kernels.cellHash(word, i)));
  return { ...result, ...sparseFingerprints(), ...meshFingerprints() };
}

/** Measured in Node 26 on x86-64. */
export const expected: Readonly<Record<string, string>> = {
  "exp float32": "08663535",
  "exp float64": "355cf48d",
  "log float32": "2514d769",
  "log float64": "257738c0",
  "tanh float32": "da5a8da4",
  "tanh float64": "ea7e8f1a",
  "sigmoid float32": "2d3b211a",
  "sigmoid float64": "e2eefe76",
  "sin float32": "2b284361",
  "sin float64": "35565ab2",
  "cos float32": "b9fa5b81",
  "cos float64": "5736d0eb",
  "erf float32": "bcb7b5ac",
  "erf float64": "5f066430",
  "gemm Float32Array": "3ec24b27",
  "gemm Float64Array": "064068af",
  randomBits: "ae67ce7b",
  cellHash: "42105aff",
  spread: "1c8e1192",
  learnPairs: "772c4633",
  "mesh relu": "3333313e",
  "mesh tanh": "80b8ad18",
};
