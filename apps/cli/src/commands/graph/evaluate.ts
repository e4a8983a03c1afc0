import { defineGraph } from "@ganglion/models";
import type { GraphRow } from "@ganglion/models";
import { count, numberOption, whole } from "../../options.ts";
import { renderTable } from "../../render/table.ts";
import { styleFor } from "../../terminal/style.ts";
import { fileOf, print } from "./options.ts";
import type { GraphOptions } from "./options.ts";

/** `ganglion graph <task> eval`. */
export async function evaluateGraph(task: string, _: readonly string[], options: GraphOptions): Promise<void> {
  const { evaluate } = await defineGraph(task);
  const games = numberOption("graph", "games", options.games, count) ?? 1000;
  const seed = numberOption("graph", "seed", options.seed, whole) ?? 1;
  const sizes = options.sizes?.split(",").map((size) => numberOption("graph", "sizes", size, count)!);
  const rows: GraphRow[] = [];
  for (const row of evaluate(await fileOf(task, options), { games, seed, ...(sizes === undefined ? {} : { sizes }) })) {
    rows.push(row);
    if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${row.name}`);
  }
  if (process.stderr.isTTY) process.stderr.write("\r\u001B[K");
  const chosen = Object.entries({ games: options.games, sizes: options.sizes, seed: options.seed });
  const words = chosen.flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${value}`]));
  const report = { model: task, command: ["ganglion graph", task, "eval", ...words].join(" "), rows };
  print(options, report, () => [
    renderTable(
      ["figure", ">measured", "", "beside"],
      rows.map(({ name, value, unit, beside }) => [
        name,
        unit === "%" ? (100 * value).toFixed(2) : value.toLocaleString("en"),
        unit,
        beside,
      ]),
      styleFor(process.stdout),
    ),
  ]);
}
