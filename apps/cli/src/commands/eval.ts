import type { CommandDef } from "citty";
import { command } from "../command.ts";
import type { Figures, Row } from "@ganglion/models";
import { fastOption, useFast } from "../fast.ts";
import { loadModel } from "../model.ts";
import { count, numberOption, oneOperand, threadsOption, whole } from "../options.ts";

const args = {
  model: { type: "positional", required: false, description: "Name of a model" },
  suite: { type: "string", description: "Suites, separated by commas; all unless given", valueHint: "heldout,orders" },
  n: { type: "string", description: "Problems of the large sets", valueHint: "10000" },
  seed: { type: "string", description: "Decides problems and orders of firing", valueHint: "1" },
  weights: { type: "string", description: "Weights file to use instead of those that ship", valueHint: "file" },
  exact: { type: "boolean", description: "Compute in float32 and plain operations, the reference of the fast kernels" },
  fast: fastOption,
  threads: { type: "string", description: "Threads to compute on; results do not depend on it", valueHint: "auto" },
  json: { type: "boolean", description: "Report as JSON" },
} as const;

/** `ganglion eval`. */
export const evaluateCommand: CommandDef = command({
  meta: {
    name: "eval",
    description: "Measure a model: every figure beside what was published and what can be reached",
  },
  args,
  async run({ args: given }) {
    const name = oneOperand("eval", given._, "ripple");
    const n = numberOption("eval", "n", given.n, count) ?? 10_000;
    const seed = numberOption("eval", "seed", given.seed, whole) ?? 1;
    const suites = given.suite?.split(",");
    const wanted = threadsOption("eval", given.threads);
    const { arithmeticOf, evaluate, load, threads } = await import("@ganglion/models");
    threads(wanted);
    const model = { ...(await loadModel("eval", name, given.weights)), fused: given.exact !== true };
    await useFast("eval", given.fast, { model: name, arithmetic: arithmeticOf(model), exact: given.exact });
    const exact = given.weights === undefined ? { exact: await load(name, { precision: "float32" }) } : {};
    const rows: Row[] = [];
    for (const row of evaluate(model, { n, seed, ...(suites === undefined ? {} : { suites }), ...exact })) {
      rows.push(row);
      if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${row.suite}: ${row.name}`);
    }
    if (process.stderr.isTTY) process.stderr.write("\r\u001B[K");
    const options = [`--n ${n}`, `--seed ${seed}`, ...(suites === undefined ? [] : [`--suite ${suites.join(",")}`])];
    for (const flag of ["exact", "fast"] as const) if (given[flag] === true) options.push(`--${flag}`);
    const report: Figures = { model: name, command: `ganglion eval ${name} ${options.join(" ")}`, seed, n, rows };
    if (given.json === true) {
      process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
      return;
    }
    const { renderRows } = await import("../render/table.ts");
    const { styleFor } = await import("../terminal/style.ts");
    process.stdout.write(`${renderRows(rows, styleFor(process.stdout))}\n`);
  },
});
