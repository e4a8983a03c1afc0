import { graphFile } from "@ganglion/models";
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

/** The file of a model: the one that was named, or the one that ships. */
export async function fileOf(task: string, { weights }: GraphOptions): Promise<Uint8Array> {
  return weights === undefined ? graphFile(task) : readBytes("graph", weights);
}

/** Prints lines, or a report as JSON when that was asked for. */
export function print({ json }: GraphOptions, report: unknown, lines: () => readonly string[]): void {
  const text = json === true ? JSON.stringify(report, null, 2) : lines().join("\n");
  process.stdout.write(`${text}\n`);
}
