import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { Contender, Sample } from "../measure/race.ts";
import type { Peer } from "./peer.ts";

const script = new URL("../../peers/numpy_peer.py", import.meta.url).pathname;
const oneThread = { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };

/**
 * numpy on one thread, in a Python process.
 *
 * @throws Error when there is no python3 with numpy
 */
export function startNumpy(): Peer {
  const { status, error } = spawnSync("python3", ["-c", "import numpy"]);
  if (error !== undefined || status !== 0) throw new Error("no python3 with numpy");
  return {
    name: "numpy",
    matmul: (m, n, k) => remote("matmul", [m, n, k]),
    mlp: () => remote("mlp", []),
    updates: () => remote("updates", [true]),
    forward: () => remote("updates", [false]),
    ring: (cells) => remote("ring", [cells]),
    close: () => python?.stdin?.end(),
  };
}

/** A contender in the Python process, which does one thing at a time. */
function remote(work: string, parameters: readonly (number | boolean)[]): Contender {
  return {
    name: "numpy",
    sample: (milliseconds) => ask({ work, arguments: parameters, milliseconds }),
  };
}

let python: ChildProcess | undefined;
let answers: AsyncIterator<string> | undefined;

async function ask(task: object): Promise<Sample> {
  if (python === undefined || answers === undefined) {
    python = spawn("python3", [script], { env: oneThread, stdio: ["pipe", "pipe", "inherit"] });
    answers = createInterface({ input: python.stdout! })[Symbol.asyncIterator]();
  }
  python.stdin!.write(`${JSON.stringify(task)}\n`);
  const { value, done } = await answers.next();
  if (done === true) throw new Error("numpy: the Python process ended");
  return JSON.parse(value) as Sample;
}
