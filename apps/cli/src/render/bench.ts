import type { Answered, Timing } from "@ganglion/models/bench";
import type { Style } from "../terminal/style.ts";
import { renderTable } from "./table.ts";

/** Where something was measured. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  /** Programs that wanted to run, on average over a minute. */
  readonly load: number;
  readonly platform: string;
  readonly node: string;
  readonly ganglion: string;
}

/** What was measured, as a table below the machine. */
export function renderBench(answers: readonly Answered[], machine: Machine, style: Style): string {
  const { processor, cores, load, platform, node } = machine;
  const head = ["work", "by", ">ms", ">quartiles", ">by the clock", ">rate"];
  const rows = answers.flatMap((answer) =>
    answer.timings.map((timing, place) => [place === 0 ? answer.name : "", ...cellsOf(answer, timing)]),
  );
  return [
    `${processor}, ${cores} cores, load ${load.toFixed(1)}, ${platform}, Node ${node}`,
    "One thread; processor time of one run, middle and quartiles of turns taken alternately.",
    renderTable(head, rows, style),
  ].join("\n");
}

function cellsOf({ rate }: Answered, { name, median, low, high, wall }: Timing): readonly string[] {
  const perSecond = rate && `${digits((1000 * rate.perRun) / median)} ${rate.unit}`;
  return [name, digits(median), `${digits(low)}-${digits(high)}`, digits(wall), perSecond ?? ""];
}

/** Three digits at least. */
const digits = (value: number): string =>
  value >= 1000 ? Math.round(value).toLocaleString("en") : value.toPrecision(3);
