/** Golden files: one JSON case a line, written by scripts/golden.py. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Case } from "../operations.ts";
import type { NdArray } from "./array.ts";

export interface GoldenCase extends Case {
  readonly outputs: readonly NdArray[];
}

const folder = process.env["GANGLION_GOLDEN"] ?? join(import.meta.dirname, "../golden");

export const goldenNames = (): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".jsonl"))
    .map((file) => file.slice(0, -".jsonl".length));

export function goldenCases(name: string): GoldenCase[] {
  const lines = readFileSync(join(folder, `${name}.jsonl`), "utf8")
    .trimEnd()
    .split("\n");
  return lines.map((line) => JSON.parse(line, revive) as GoldenCase);
}

/** Numbers that JSON cannot say are strings. */
const special = new Map([
  ["-0", -0],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);

const revive = (_: string, value: unknown): unknown =>
  typeof value === "string" ? (special.get(value) ?? value) : value;
