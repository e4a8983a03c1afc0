import { openGraph } from "@ganglion/models";
import type { NeuronGraph } from "@ganglion/neurons";
import { readBytes } from "../../model.ts";
import { oneOperand } from "../../options.ts";
import { renderTable } from "../../render/table.ts";
import { styleFor } from "../../terminal/style.ts";
import { print } from "./options.ts";
import type { GraphOptions } from "./options.ts";

const HUBS = 5;

/** `ganglion graph inspect FILE`. */
export async function inspectGraph(words: readonly (string | undefined)[], options: GraphOptions): Promise<void> {
  const file = oneOperand(
    "graph inspect",
    words.filter((word) => word !== undefined),
    "ttt.graph",
  );
  const bytes = await readBytes("graph", file);
  const report = { file, bytes: bytes.length, ...summary(openGraph(bytes)) };
  print(options, report, () => {
    const style = styleFor(process.stdout);
    return [
      `${file}: ${report.neurons} neurons, ${report.synapses} synapses, ${report.names} names, ${report.bytes} bytes`,
      "",
      renderTable(
        ["kind", ">neurons"],
        Object.entries(report.kinds).map(([kind, count]) => [kind, String(count)]),
        style,
      ),
      "",
      renderTable(
        ["relation", ">weight", ">synapses"],
        report.relations.map(({ relation, weight, synapses }) => [relation, weight.toFixed(2), String(synapses)]),
        style,
      ),
      "",
      renderTable(
        ["largest fan-out", ">synapses"],
        report.hubs.map(({ name, fanOut }) => [name, String(fanOut)]),
        style,
      ),
    ];
  });
}

function summary(graph: NeuronGraph) {
  const kinds: Record<string, number> = {};
  const synapses = new Map<string, number>();
  const neurons = Array.from({ length: graph.rows }, (_, row) => row).filter((row) => graph.has(row));
  for (const neuron of neurons) {
    const { kind } = graph.neuron(neuron);
    kinds[kind] = (kinds[kind] ?? 0) + 1;
    for (const { relation } of graph.synapsesOf(neuron)) synapses.set(relation, (synapses.get(relation) ?? 0) + 1);
  }
  const hubs = neurons
    .map((neuron) => ({ name: graph.label(neuron), fanOut: graph.neuron(neuron).fanOut }))
    .toSorted((a, b) => b.fanOut - a.fanOut)
    .slice(0, HUBS);
  const relations = graph.relations
    .entries()
    .filter(([name]) => synapses.has(name))
    .map(([relation, weight]) => ({ relation, weight, synapses: synapses.get(relation)! }));
  return { neurons: graph.neurons, synapses: graph.synapses, names: graph.aliases.size, kinds, relations, hubs };
}
