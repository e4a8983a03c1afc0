import { graphFile } from "@ganglion/models";
import { UsageError } from "../../errors.ts";
import { readBytes } from "../../model.ts";

/** Options of `ganglion graph`, as they were typed. */
export interface GraphOptions {
  readonly weights?: string;
  readonly out?: string;
  readonly games?: string;
  readonly sizes?: string;
  readonly seed?: string;
  readonly set?: string;
  readonly side?: string;
  readonly moves?: string;
  readonly from?: string;
  readonly to?: string;
  readonly steps?: string;
  readonly json?: boolean;
}

/** Options that each action takes. */
const taken: Readonly<Record<string, readonly (keyof GraphOptions)[]>> = {
  train: ["out", "set", "seed", "json"],
  eval: ["weights", "games", "sizes", "seed", "json"],
  play: ["weights", "side", "moves", "json"],
  explain: ["weights", "json"],
  export: ["weights", "out", "json"],
  inspect: ["json"],
  why: ["from", "to", "steps", "json"],
};

/** @throws UsageError for an option that the action has no use for */
export function refuseForeign(action: string, options: GraphOptions): void {
  const all = new Set(Object.values(taken).flat());
  const foreign = [...all].find((name) => options[name] !== undefined && !taken[action]!.includes(name));
  if (foreign === undefined) return;
  const users = Object.keys(taken).filter((other) => taken[other]!.includes(foreign));
  const repair = foreign === "set" ? "Train with it, and evaluate the file by --weights?" : "Leave it out?";
  throw new UsageError(`graph: expected --${foreign} with ${users.join(" or ")} only, received ${action}. ${repair}`);
}

/** The file of a model: the one that was named, or the one that ships. */
export async function fileOf(task: string, { weights }: GraphOptions): Promise<Uint8Array> {
  return weights === undefined ? graphFile(task) : readBytes("graph", weights);
}

/** Prints lines, or a report as JSON when that was asked for. */
export function print({ json }: GraphOptions, report: unknown, lines: () => readonly string[]): void {
  const text = json === true ? JSON.stringify(report, null, 2) : lines().join("\n");
  process.stdout.write(`${text}\n`);
}
