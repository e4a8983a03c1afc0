import { defineGraph, graphNames } from "@ganglion/models";
import { renderTable } from "../../render/table.ts";
import { styleFor } from "../../terminal/style.ts";
import { print } from "./options.ts";
import type { GraphOptions } from "./options.ts";

/** `ganglion graph`: the tasks and their cards. */
export async function listGraphs(options: GraphOptions): Promise<void> {
  const cards = await Promise.all(graphNames.map(async (name) => (await defineGraph(name)).card));
  print(options, cards, () => [
    renderTable(
      ["task", "what it does"],
      cards.map(({ model, task }) => [model, task]),
      styleFor(process.stdout),
    ),
  ]);
}
