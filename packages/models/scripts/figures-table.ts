import { define, modelNames } from "../src/index.ts";

const START = "<!-- figures: packages/models/scripts/readme-figures.ts -->";
const END = "<!-- end of figures -->";

/** Rows of the table: what is measured, and where an evaluation's report has it; `*` is a number. */
const ROWS: readonly (readonly [text: string, suite: string, name: string])[] = [
  ["held-out sums, mean of 8 firing orders, 24 steps", "orders", "mean of 8 orders, 24 steps"],
  ["the same, 9 orders vote", "orders", "vote of 9, 24 steps"],
  ["8 steps", "steps", "8 steps"],
  ["16 steps", "steps", "16 steps"],
  ["100 steps", "long", "100 steps"],
  ["1,000 steps", "long", "1000 steps"],
  ["all cells at once, 8 steps", "schedules", "synchronous, 8 steps"],
  ["the same, cells waiting for news", "schedules", "event-driven, 8 steps"],
  ["16 cells, trained on 8", "length", "16 cells, synchronous, 16 steps"],
  ["32 cells", "length", "32 cells, synchronous, 32 steps"],
  ["64 cells", "length", "64 cells, synchronous, 64 steps"],
  ["from a garbage state", "garbage", "noise of deviation 1 at the start, 46 steps"],
  ["weights as trained, in float32, 24 steps", "int8", "float32, * bytes, 24 steps"],
  ["int8 weights, in integers, 24 steps", "int8", "int8, * bytes, in integers, 24 steps"],
  ["differences, mean of 8 orders", "orders", "sub: mean of 8 orders, 24 steps"],
  ["differences, 64 cells", "length", "sub: 64 cells, synchronous, 64 steps"],
];

const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

interface Column {
  readonly name: string;
  readonly parameters: number;
  readonly rows: ReadonlyMap<
    string,
    { readonly measured: number; readonly published?: number; readonly ceiling?: number }
  >;
}

/** A README with its table of figures made anew from the cards. */
export async function withFigures(readme: string): Promise<string> {
  const [before, rest] = readme.split(START);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`expected the marks ${START} and ${END}`);
  const columns = await Promise.all(modelNames.filter((name) => /^(gary|ripple)/.test(name)).map(column));
  const body = ROWS.map(([text, suite, name]) => {
    const found = columns.map(({ rows }) => rows.get(`${suite}/${name}`));
    const published = found.find((row) => row?.published !== undefined)?.published;
    const ceiling = found.find((row) => row?.ceiling !== undefined)?.ceiling;
    const command = `\`eval MODEL --suite ${suite}\``;
    return line([text, percent(published), ...found.map((row) => percent(row?.measured)), percent(ceiling), command]);
  });
  const table = [
    line(["", "gary-neuron, published", ...columns.map(({ name }) => `\`${name}\``), "ceiling", "command"]),
    line(["---", "--:", ...columns.map(() => "--:"), "--:", "---"]),
    line(["parameters", "26,448", ...columns.map(({ parameters }) => parameters.toLocaleString("en")), "", "`models`"]),
    ...body,
  ];
  return `${before}${START}\n\n${table.join("\n")}\n\n${END}${after}`;
}

async function column(name: string): Promise<Column> {
  const { parameters, figures } = (await define(name)).card;
  return { name, parameters, rows: new Map(figures?.rows.map((row) => [`${row.suite}/${keyOf(row.name)}`, row])) };
}

/** The name of a row without the size of its file. */
const keyOf = (name: string): string => name.replace(/[\d,]+ bytes/u, "* bytes");

/** As many places as tell the figure apart from 100 %. */
function percent(share: number | undefined): string {
  if (share === undefined) return "";
  return share === 1 ? "100 %" : `${(share * 100).toFixed(share > 0.999 ? 3 : 2)} %`;
}
