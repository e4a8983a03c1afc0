import Table from "cli-table3";
import type { Row } from "@ganglion/models";
import type { Style } from "../terminal/style.ts";
import { percent } from "./percent.ts";

/** Lines under and between the columns only, so that tables can be read, cut and pasted. */
const lines = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
} as const;

/**
 * A table of texts, numbers at the right.
 *
 * @param head names of the columns; those that begin with `>` are aligned to the right
 */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[], style: Style): string {
  const table = new Table({
    head: head.map((name) => style("bold", name.replace(/^>/u, ""))),
    chars: lines,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
    colAligns: head.map((name) => (name.startsWith(">") ? "right" : "left")),
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** The figures of an evaluation: measured beside published and the ceiling, misses apart from unfinished carries. */
export function renderRows(rows: readonly Row[], style: Style): string {
  return renderTable(
    ["suite", "figure", ">measured", ">published", ">ceiling", ">model misses", ">unfinished", ">n"],
    rows.map(({ suite, name, measured, spread, published, ceiling, modelMisses, unfinished, n }, index) => [
      index > 0 && rows[index - 1]!.suite === suite ? "" : suite,
      name,
      percent(measured) + (spread === undefined ? "" : ` ± ${(100 * spread).toFixed(3)}`),
      percent(published),
      percent(ceiling),
      ceiling === undefined ? "" : String(modelMisses),
      ceiling === undefined ? "" : String(unfinished),
      n.toLocaleString("en"),
    ]),
    style,
  );
}
