import { defineGraph } from "@ganglion/models";
import { saveGraph } from "@ganglion/neurons";
import { writeBytes } from "../../write.ts";
import { fileOf, print } from "./options.ts";
import type { GraphOptions } from "./options.ts";

/** `ganglion graph <task> export`: the model as a graph of neurons in a file, for inspect and why. */
export async function exportGraph(task: string, _: readonly string[], options: GraphOptions): Promise<void> {
  const { graph: build } = await defineGraph(task);
  const graph = build(await fileOf(task, options));
  const file = options.out ?? `${task}.graph`;
  const bytes = saveGraph(graph);
  await writeBytes("graph", file, bytes);
  const report = { task, file, bytes: bytes.length, neurons: graph.neurons, synapses: graph.synapses };
  const figures = [graph.neurons, graph.synapses, bytes.length].map((value) => value.toLocaleString("en"));
  print(options, report, () => [`${file}: ${figures[0]} neurons, ${figures[1]} synapses, ${figures[2]} bytes`]);
}
