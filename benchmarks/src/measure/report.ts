import type { Timing } from "./race.ts";

/** One line of the table. */
export interface Row {
  readonly work: string;
  readonly contender: string;
  /** How many times as much as the first contender of the same work. */
  readonly ratio: number;
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly unit: string;
  /** Middle by the clock, where processor time is what counts. */
  readonly wall?: number;
  /** The same figure in another unit. */
  readonly rate?: string;
  readonly target?: Target;
  /** What else was seen. */
  readonly note?: string;
}

/** What was set out to be reached. */
export interface Target {
  readonly text: string;
  readonly met: boolean;
}

/** A question and what was measured. */
export interface Answer {
  readonly question: string;
  readonly rows: readonly Row[];
}

/** Rows of one race, in milliseconds unless `unit` says how many of what fit into one. */
export function rowsOf(
  work: string,
  timings: readonly Timing[],
  more: {
    readonly unit?: { readonly name: string; readonly perMillisecond: number };
    readonly rate?: (milliseconds: number) => string;
    readonly target?: (first: Timing, others: readonly Timing[]) => Target;
  } = {},
): Row[] {
  const { name: unit, perMillisecond } = more.unit ?? { name: "ms", perMillisecond: 1 };
  const [first, ...others] = timings as [Timing, ...Timing[]];
  return timings.map((timing, place) => ({
    work,
    contender: timing.name,
    ratio: timing.median / first.median,
    median: timing.median * perMillisecond,
    low: timing.low * perMillisecond,
    high: timing.high * perMillisecond,
    wall: timing.wall * perMillisecond,
    unit,
    ...(more.rate && { rate: more.rate(timing.median) }),
    ...(more.target && place === 0 && { target: more.target(first, others) }),
  }));
}

/** At most so much, as a target. */
export const atMost = (limit: number, unit: string, reached: number): Target => ({
  text: `<= ${limit} ${unit}`,
  met: reached <= limit,
});

/** At least so much, as a target. */
export const atLeast = (limit: number, unit: string, reached: number): Target => ({
  text: `>= ${limit.toLocaleString("en")} ${unit}`,
  met: reached >= limit,
});

/** Hands an answer to the process that asked; prints it when nobody did. */
export function answer(question: string, rows: readonly Row[]): void {
  if (process.send === undefined) console.log(table({ question, rows }));
  else process.send({ question, rows } satisfies Answer);
}

/** An answer as a Markdown table. */
export function table({ question, rows }: Answer): string {
  const lines = rows.map(({ work, contender, ratio, median, low, high, unit, wall, rate, target, note }) => {
    const clock = wall === undefined ? "" : digits(wall);
    const goal = target === undefined ? "" : `${target.text}: ${target.met ? "met" : "missed"}`;
    const figure = `${digits(median)} ${unit}`;
    const spread = low === high ? "" : `${digits(low)}-${digits(high)}`;
    return `| ${[work, contender, ratio.toFixed(2), figure, spread, clock, rate ?? "", goal, note ?? ""].join(" | ")} |`;
  });
  return [
    `\n${question}\n`,
    "| work | contender | ratio | processor time or size | quartiles | by the clock | rate | target | seen |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ...lines,
  ].join("\n");
}

const digits = (value: number): string => (value >= 1000 ? value.toFixed(0) : value.toPrecision(3));
