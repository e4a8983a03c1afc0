import type { CommandDef } from "citty";
import { command } from "./command.ts";
import manifest from "../package.json" with { type: "json" };

export const { version } = manifest;

/** Every command, loaded when it is called. */
export const commands: Readonly<Record<string, () => Promise<CommandDef>>> = {
  add: async () => (await import("./commands/solve.ts")).add,
  sub: async () => (await import("./commands/solve.ts")).sub,
  train: async () => (await import("./commands/train.ts")).train,
  eval: async () => (await import("./commands/eval.ts")).evaluateCommand,
  export: async () => (await import("./commands/export.ts")).exportCommand,
  inspect: async () => (await import("./commands/inspect.ts")).inspect,
  models: async () => (await import("./commands/models.ts")).models,
  verify: async () => (await import("./commands/transformers/verify.ts")).verifyCommand,
  prove: async () => (await import("./commands/transformers/prove.ts")).prove,
  adders: async () => (await import("./commands/transformers/adders.ts")).adders,
  graph: async () => (await import("./commands/graph/graph.ts")).graph,
  bench: async () => (await import("./commands/bench.ts")).bench,
  tour: async () => (await import("./commands/tour.ts")).tour,
};

export const commandNames: readonly string[] = Object.keys(commands);

/** What `ganglion --help` lists. */
export const root: CommandDef = command({
  meta: {
    name: "ganglion",
    version,
    description: "Sums by a mesh of neurons. Without arguments: an interactive prompt",
  },
  subCommands: commands,
});
