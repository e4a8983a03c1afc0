import { readFile, writeFile } from "node:fs/promises";
import type { CommandDef } from "citty";
import type { Certificate, TransformerCard } from "@ganglion/models";
import { command } from "../../command.ts";
import { FailedRun } from "../../errors.ts";
import { noOperands } from "../../options.ts";
import { renderTable } from "../../render/table.ts";
import { styleFor } from "../../terminal/style.ts";

const args = {
  write: { type: "string", description: "Put the table between the marks in a Markdown file", valueHint: "file" },
  json: { type: "boolean", description: "Report as JSON, with cards" },
} as const;

/** One rung of the ladder. */
interface Rung {
  readonly model: string;
  readonly origin: string;
  readonly card: TransformerCard;
  readonly parameters: { readonly claimed: number; readonly unique: number; readonly strict: number };
  readonly right: number;
  readonly cases: number;
  readonly proof: string;
  readonly speed: { readonly batched: number; readonly single: number };
}

const MARKS = ["<!-- adders: begin -->", "<!-- adders: end -->"] as const;

/** `ganglion adders`. */
export const adders: CommandDef = command({
  meta: { name: "adders", description: "Measure and prove every transformer that adds, as a table" },
  args,
  async run({ args: given }) {
    noOperands("adders", given._);
    const { transformerNames } = await import("@ganglion/models");
    const rungs: Rung[] = [];
    for (const name of transformerNames) rungs.push(await measure(name));
    if (given.write !== undefined) await writeInto(given.write, markdown(rungs));
    if (given.json === true) process.stdout.write(`${JSON.stringify(rungs, null, 2)}\n`);
    else {
      const head = [
        "model",
        "weights",
        ">claimed",
        ">stored",
        ">strict",
        ">protocol",
        "proof",
        ">batched/s",
        ">single/s",
      ];
      process.stdout.write(`${renderTable(head, rungs.map(cells), styleFor(process.stdout))}\n`);
    }
  },
});

async function measure(name: string): Promise<Rung> {
  const { loadTransformer } = await import("@ganglion/models");
  const { countParameters, edgeCases, evaluator, judge, randomCases, speedOf } = await import("@ganglion/adders");
  const { card, adder, prove } = await loadTransformer(name, "adders");
  const model = adder();
  const asked = evaluator(model);
  const cases = [...edgeCases, ...randomCases()];
  const { right } = judge("protocol", cases, asked.answers(cases));
  return {
    model: name,
    origin: card.origin,
    card,
    parameters: countParameters(model.ledger),
    right,
    cases: cases.length,
    proof: prove === undefined ? "none known" : describe(prove()),
    speed: speedOf(asked),
  };
}

function describe({ kind, proved, failing, conditions, counterexample }: Certificate): string {
  const means = {
    transitions: "all widths, by induction",
    places: "exact inequalities",
    carries: "carry automaton",
    columns: "cases of two columns",
  }[kind];
  if (proved) return `proved: ${means}, ${conditions}/${conditions}`;
  const wrong =
    counterexample === undefined ? "" : `, ${counterexample.a} + ${counterexample.b} gives ${counterexample.answer}`;
  return `fails: ${failing} of ${conditions}${wrong}`;
}

function cells({ model, origin, parameters: { claimed, unique, strict }, right, cases, proof, speed }: Rung): string[] {
  return [
    model,
    origin,
    ...[claimed, unique, strict].map(String),
    `${right.toLocaleString("en")}/${cases.toLocaleString("en")}`,
    proof,
    rounded(speed.batched),
    rounded(speed.single),
  ];
}

const rounded = (value: number): string => (Math.round(value / 1000) * 1000).toLocaleString("en");
const row = (texts: readonly string[]): string => `| ${texts.join(" | ")} |`;

function markdown(rungs: readonly Rung[]): string {
  const head = [
    "model",
    "weights",
    "claimed",
    "stored",
    "strict",
    "protocol",
    "proof",
    "sums/s, 1,000 at a time",
    "one at a time",
  ];
  return [row(head), row(head.map(() => "---")), ...rungs.map((rung) => row(cells(rung)))].join("\n");
}

async function writeInto(file: string, table: string): Promise<void> {
  const text = await readFile(file, "utf8").catch(() => "");
  const [begin, end] = MARKS.map((mark) => text.indexOf(mark)) as [number, number];
  if (begin === -1 || end < begin) {
    throw new FailedRun(`adders: expected the lines ${MARKS.join(" and ")} in ${file}, found none`);
  }
  await writeFile(file, `${text.slice(0, begin + MARKS[0].length)}\n\n${table}\n\n${text.slice(end)}`);
}
