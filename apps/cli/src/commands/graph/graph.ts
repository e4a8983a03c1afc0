import type { CommandDef } from "citty";
import { command } from "../../command.ts";
import { UsageError } from "../../errors.ts";
import { refuseForeign } from "./options.ts";
import type { GraphOptions } from "./options.ts";

const args = {
  task: { type: "positional", required: false, description: "ttt, connect4, world or sentences; or inspect, or why" },
  action: { type: "positional", required: false, description: "train, eval, play or explain; or a file" },
  input: { type: "positional", required: false, description: "A board such as x.o.x...., or the words of a prompt" },
  weights: { type: "string", description: "File to use instead of the one that ships", valueHint: "file" },
  out: { type: "string", description: "File to write", valueHint: "file" },
  games: { type: "string", description: "eval: games against each opponent", valueHint: "1000" },
  sizes: { type: "string", description: "eval: sentences in the larger corpora", valueHint: "1000,10000" },
  seed: { type: "string", description: "eval: decides what opponents do; train: the recipe's seed", valueHint: "1" },
  set: {
    type: "string",
    description: "train: change the recipe, as in games=1000,discount=.9 (ttt, connect4) or games=100,rate=.2 (world)",
    valueHint: "name=value",
  },
  side: { type: "string", description: "play: who you are", valueHint: "first|second" },
  moves: { type: "string", description: "play: your moves, without being asked", valueHint: "5,1,9" },
  from: { type: "string", description: "why: names of the neurons that are lit", valueHint: "name,name" },
  to: { type: "string", description: "why: name of the neuron that is asked about", valueHint: "name" },
  steps: { type: "string", description: "why: steps of spreading", valueHint: "2" },
  json: { type: "boolean", description: "Report as JSON" },
} as const;

/** What may follow a task. */
const actions: Readonly<
  Record<string, () => Promise<(task: string, words: string[], options: GraphOptions) => Promise<void>>>
> = {
  train: async () => (await import("./train.ts")).trainGraph,
  eval: async () => (await import("./evaluate.ts")).evaluateGraph,
  play: async () => (await import("./play.ts")).playGraph,
  explain: async () => (await import("./explain.ts")).explainGraph,
  export: async () => (await import("./export.ts")).exportGraph,
};

/** `ganglion graph`. */
export const graph: CommandDef = command({
  meta: { name: "graph", description: "Graphs of neurons that learn by local rules: games, a world model, sentences" },
  args,
  async run({ args: given }) {
    const [task, second, ...words] = given._;
    const options = given as GraphOptions;
    if (task === undefined) return (await import("./list.ts")).listGraphs(options);
    if (task === "inspect" || task === "why") refuseForeign(task, options);
    if (task === "inspect") return (await import("./inspect.ts")).inspectGraph([second, ...words], options);
    if (task === "why") return (await import("./why.ts")).whyGraph([second, ...words], options);
    const { defineGraph, didYouMean } = await import("@ganglion/models");
    await defineGraph(task);
    const run = second !== undefined && Object.hasOwn(actions, second) ? actions[second] : undefined;
    if (run === undefined) {
      const names = Object.keys(actions);
      const received = second === undefined ? "nothing" : JSON.stringify(second);
      const hint = second === undefined ? "" : didYouMean(second, names);
      throw new UsageError(`graph: expected ${names.join(", ")} after ${task}, received ${received}.${hint}`);
    }
    refuseForeign(second!, options);
    await (
      await run()
    )(task, words, options);
  },
});
