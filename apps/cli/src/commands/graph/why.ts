import { because, didYouMean, openGraph } from "@ganglion/models";
import type { NeuronGraph } from "@ganglion/neurons";
import { UsageError } from "../../errors.ts";
import { readBytes } from "../../model.ts";
import { count, numberOption, oneOperand } from "../../options.ts";
import { carrierLines } from "./explain.ts";
import { print } from "./options.ts";
import type { GraphOptions } from "./options.ts";

/** `ganglion graph why FILE --from NAMES --to NAME`. */
export async function whyGraph(words: readonly (string | undefined)[], options: GraphOptions): Promise<void> {
  const file = oneOperand(
    "graph why",
    words.filter((word) => word !== undefined),
    "world.graph --from a,b --to c",
  );
  const { from, to } = options;
  if (from === undefined || to === undefined) {
    throw new UsageError(
      "graph why: expected --from with names of neurons and --to with one, as graph inspect lists them",
    );
  }
  const steps = numberOption("graph why", "steps", options.steps, count) ?? 2;
  const graph = openGraph(await readBytes("graph why", file));
  const seeds = from.split(",").map((name) => neuronOf(graph, name.trim()));
  const { activation, path } = because(graph, seeds, neuronOf(graph, to), steps);
  print(options, { from: from.split(","), to, steps, activation, path }, () => [
    `${to}: ${activation.toFixed(3)} after ${steps} steps`,
    ...carrierLines(path),
  ]);
}

function neuronOf(graph: NeuronGraph, name: string): number {
  const id = /^#(\d+)$/u.exec(name)?.[1];
  const neuron = id === undefined ? graph.aliases.neuronOf(name) : graph.neuronOf(Number(id));
  if (neuron !== undefined) return neuron;
  const names = graph.aliases.entries().map(([known]) => known);
  throw new UsageError(
    `graph why: expected the name of a neuron, received ${JSON.stringify(name)}.${didYouMean(name, names)}`,
  );
}
