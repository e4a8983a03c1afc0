import { Worker } from "node:worker_threads";
import { mergeSums, saveGraph } from "../src/index.ts";
import type { Active, NeuronGraph } from "../src/index.ts";

const program = `
import { parentPort, workerData } from "node:worker_threads";
const { loadGraph, partialSums } = await import(workerData.module);
parentPort.postMessage(partialSums(loadGraph(workerData.file), workerData.active, workerData.places));
`;

/** One step of spread, shared out over worker threads. */
export async function threadedStep(graph: NeuronGraph, active: Active, threads: number): Promise<Float32Array> {
  const module = new URL("../src/index.ts", import.meta.url).href;
  const file = saveGraph(graph);
  const { length } = active.neurons;
  const parts = Array.from({ length: threads }, (_, thread) => {
    const places = [Math.floor((thread * length) / threads), Math.floor(((thread + 1) * length) / threads)];
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`), {
      workerData: { module, file, active, places },
      execArgv: ["--conditions=@ganglion/source", "--no-warnings"],
    });
    return new Promise<Float64Array>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
    });
  });
  return mergeSums(await Promise.all(parts));
}
