// Throughput of @ganglion/kernels, copies into WebAssembly included: processor time, best of 15 samples.
import { gemm, groupedGemm, groupedOuter, mapUnary } from "@ganglion/kernels";
import type { Gemm, UnaryName } from "@ganglion/kernels";

const products: readonly (readonly [name: string, m: number, n: number, k: number, transpose?: "A" | "B"])[] = [
  ["32 x 32 x 32", 32, 32, 32],
  ["64 x 64 x 64", 64, 64, 64],
  ["128 x 128 x 128", 128, 128, 128],
  ["512 x 512 x 512", 512, 512, 512],
  ["2048 x 96 -> 32", 2048, 32, 96],
  ["its gradient of the input", 2048, 96, 32, "B"],
  ["its gradient of the weights", 96, 32, 2048, "A"],
];

console.log("| product, GFLOP/s | float32 | float64 |\n| --- | --- | --- |");
for (const [name, m, n, k, transpose] of products) {
  const flags = { transposeA: transpose === "A", transposeB: transpose === "B" };
  const make = (Values: Float32ArrayConstructor | Float64ArrayConstructor): Gemm => {
    const ramp = (length: number) => new Values(length).map((_, i) => (i % 17) / 17 - 0.5);
    return { m, n, k, a: ramp(m * k), b: ramp(k * n), out: new Values(m * n), ...flags };
  };
  const [single, double] = [make(Float32Array), make(Float64Array)];
  const rate = (run: () => void) => (2e-9 * m * n * k) / seconds(run);
  const cells = [rate(() => gemm(single)), rate(() => gemm(double))];
  console.log(`| ${name} | ${cells.map((cell) => cell.toFixed(1)).join(" | ")} |`);
}

const [rows, inputs, outputs, groups] = [1024, 96, 32, 6];
const ramp = (length: number) => new Float32Array(length).map((_, i) => (i % 17) / 17 - 0.5);
const [x, g, weights] = [ramp(rows * inputs), ramp(rows * outputs), ramp(groups * inputs * outputs)];
const sizes = Int32Array.of(300, 10, 200, 114, 0, 400);
const grouped = {
  groupedGemm: () => groupedGemm(x, weights, sizes, g, { rows, inputs, outputs }),
  "groupedGemm, transposed": () =>
    groupedGemm(g, weights, sizes, x, { rows, inputs: outputs, outputs: inputs, transposeWeights: true }),
  groupedOuter: () => groupedOuter(x, g, sizes, weights, { inputs, outputs }),
};
for (const [name, run] of Object.entries(grouped)) {
  for (const values of [x, g, weights]) values.set(ramp(values.length));
  console.log(`| ${name}, 1024 rows, 96 -> 32 | ${((2e-9 * rows * inputs * outputs) / seconds(run)).toFixed(1)} | |`);
}

console.log("\n| function, ns per element | 64 float32 | 4096 float32 | 4096 float64 |\n| --- | --- | --- | --- |");
for (const name of ["exp", "log", "tanh", "sigmoid", "sin", "cos", "erf", "sqrt", "relu"] satisfies UnaryName[]) {
  const cost = (Values: Float32ArrayConstructor | Float64ArrayConstructor, length: number) => {
    const values = new Values(length).map((_, i) => (i % 64) / 16 + 0.01);
    const out = new Values(length);
    return ((1e9 * seconds(() => mapUnary(name, values, out))) / length).toFixed(1);
  };
  const cells = [cost(Float32Array, 64), cost(Float32Array, 4096), cost(Float64Array, 4096)];
  console.log(`| ${name} | ${cells.join(" | ")} |`);
}

/** Seconds of processor time per run. */
function seconds(run: () => void): number {
  const spent = (repetitions: number): number => {
    const start = process.cpuUsage();
    for (let i = 0; i < repetitions; i++) run();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1e6;
  };
  let repetitions = 1;
  while (spent(repetitions) < 0.02) repetitions *= 2;
  return Math.min(...Array.from({ length: 15 }, () => spent(repetitions))) / repetitions;
}
