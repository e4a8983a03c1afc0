import { join } from "node:path";
import { checkSetting } from "../check.ts";
import { CheckpointError, reasonOf } from "./errors.ts";
import { nodeFiles, replaceFile, writeAll } from "./files.ts";
import type { Files, OpenFile } from "./files.ts";

/** One line of metrics.jsonl. */
export interface MetricsRow {
  readonly [name: string]: number;
  /** Steps done, from 1. */
  readonly step: number;
}

/** What a metrics.jsonl holds. */
export interface MetricsFile {
  readonly rows: readonly MetricsRow[];
  /** Lines that could not be read, counted from 1; a crash may leave the last one torn. */
  readonly torn: readonly number[];
}

const fileName = "metrics.jsonl";

/**
 * Reads the metrics.jsonl of a run, leaving out lines that a crash has torn.
 *
 * @param folder folder of the run
 * @returns no rows when there is no such file
 */
export async function readMetrics(folder: string, { files = nodeFiles }: { files?: Files } = {}): Promise<MetricsFile> {
  const bytes = await files.read(join(folder, fileName));
  const lines = new TextDecoder().decode(bytes ?? new Uint8Array()).split("\n");
  const last = lines.pop()!;
  const rows: MetricsRow[] = [];
  const torn: number[] = [];
  for (const [index, line] of lines.entries()) {
    const row = parseRow(line);
    if (row === undefined) torn.push(index + 1);
    else rows.push(row);
  }
  if (last !== "") torn.push(lines.length + 1);
  return { rows, torn };
}

/** Appends lines to metrics.jsonl. */
export interface MetricsLog {
  append(row: MetricsRow): Promise<void>;
  /** Waits until all lines are on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Opens metrics.jsonl to append to it, with no line left past `step` and none that is torn. */
export async function openMetrics(files: Files, folder: string, step: number): Promise<MetricsLog> {
  const before = await files.read(join(folder, fileName));
  const { rows } = await readMetrics(folder, { files });
  const text = rows.filter((row) => row.step <= step).map(lineOf);
  let bytes = Buffer.from(text.join(""));
  if (before !== undefined && Buffer.compare(before, bytes) !== 0) await replaceFile(files, folder, fileName, bytes);
  let { length } = bytes;
  const file = await files.open(join(folder, fileName), "append");
  return {
    async append(row) {
      for (const [name, value] of Object.entries(row)) {
        checkSetting("log", `${name} as a finite number`, value, Number.isFinite(value));
      }
      bytes = Buffer.from(lineOf(row));
      try {
        await writeAll(file, bytes);
        length += bytes.length;
      } catch (error) {
        await cut(file, length);
        throw logError(join(folder, fileName), error);
      }
    },
    async sync() {
      try {
        await file.sync();
      } catch (error) {
        throw logError(join(folder, fileName), error);
      }
    },
    close: () => file.close(),
  };
}

const lineOf = (row: MetricsRow): string => `${JSON.stringify(row)}\n`;

function parseRow(line: string): MetricsRow | undefined {
  try {
    const row: unknown = JSON.parse(line);
    if (typeof row !== "object" || row === null || !("step" in row)) return undefined;
    return Object.values(row).every((value) => typeof value === "number") ? (row as MetricsRow) : undefined;
  } catch {
    return undefined;
  }
}

/** Takes back the first part of a line that did not fit; if that fails too, reading passes over it. */
async function cut(file: OpenFile, length: number): Promise<void> {
  await file.truncate(length).catch(() => undefined);
}

function logError(path: string, error: unknown): CheckpointError {
  const problem = `expected to append a line to ${path}, received "${reasonOf(error)}"`;
  return new CheckpointError("log", "disk", path, problem, "Free some space and resume the run.", error);
}
