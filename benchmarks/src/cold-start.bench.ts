// How long does it take from the start of Node to the first gradient, imports included?
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { race } from "./measure/race.ts";
import type { Contender, Sample } from "./measure/race.ts";
import { answer, atMost, rowsOf } from "./measure/report.ts";
import { settings } from "./measure/settings.ts";

/** Modules that compute the gradient of `sum(tanh(a a))` for `a` 64 x 64 and leave one number of it in `first`. */
const programs: Record<string, string> = {
  "@ganglion/tensor": `
    import { full, grad, matmul, sum, tanh } from "@ganglion/tensor";
    const first = grad((x) => sum(tanh(matmul(x, x))))(full([64, 64], 0.01)).data[0];`,
  "node alone": "const first = 0;",
  ...(!settings.short && {
    "@jax-js/jax": `
      import { defaultDevice, grad, init, numpy as np } from "@jax-js/jax";
      await init("wasm");
      defaultDevice("wasm");
      const gradient = await grad((x) => np.tanh(np.matmul(x.ref, x)).sum())(np.full([64, 64], 0.01)).data();
      const first = gradient[0];`,
    "@tensorflow/tfjs, wasm": `
      import * as tf from "@tensorflow/tfjs";
      import "@tensorflow/tfjs-backend-wasm";
      tf.enableProdMode();
      await tf.setBackend("wasm");
      const first = tf.grad((x) => tf.sum(tf.tanh(tf.matMul(x, x))))(tf.fill([64, 64], 0.01)).dataSync()[0];`,
  }),
};

const report = "console.log(JSON.stringify({ cpu: process.cpuUsage(), wall: performance.now() })); process.exit();";
const timings = await race(Object.keys(programs).map(starting), { agree: false });
answer(
  "How long does it take from the start of Node to the first gradient, imports included?",
  rowsOf("start, import, gradient", timings, { target: ({ median }) => atMost(60, "ms", median) }),
);

/** A contender that runs its program once per turn, in a process of its own that reads what is built. */
function starting(name: string): Contender {
  const folder = fileURLToPath(new URL("../", import.meta.url));
  const program = `${programs[name]} if (first === undefined) throw new Error("no gradient"); ${report}`;
  return {
    name,
    sample: async (): Promise<Sample> => {
      const printed = execFileSync(process.execPath, ["--input-type=module", "--eval", program], { cwd: folder });
      const { cpu, wall } = JSON.parse(printed.toString()) as { cpu: NodeJS.CpuUsage; wall: number };
      return { cpu: (cpu.user + cpu.system) / 1000, wall, value: 0 };
    },
  };
}
