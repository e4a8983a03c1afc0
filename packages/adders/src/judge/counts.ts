import type { ParameterCounts } from "../counts/countParameters.ts";

/** The size of a user's module, and what was counted. */
export interface ModuleCounts extends Partial<ParameterCounts> {
  /**
   * `declared`: what it declares as `parameters`; `exported`: all numbers in what it exports; `written`: the numbers in the
   * text of its file, those of `encode` and `decode` among them, but none that it reads from elsewhere.
   */
  readonly counted: "declared" | "exported" | "written";
}

/** What a module tells of its numbers. */
export interface Described {
  readonly parameters?: unknown;
  /** Numbers in all that it exports beside its interface. */
  readonly exported: readonly number[];
}

/** Counts a module's numbers: as it declares them, else those that it exports, else those in its text. */
export function countsOf({ parameters, exported }: Described, source: string): ModuleCounts {
  const claimed = claimOf(parameters);
  const { values, constants } = (isRecord(parameters) ? parameters : {}) as { values?: unknown; constants?: unknown };
  const declared = numbers(values);
  if (declared.length > 0) return { counted: "declared", ...claimed, ...measured(declared, numbers(constants)) };
  if (exported.length > 0) return { counted: "exported", ...claimed, ...measured(exported, numbers(constants)) };
  return { counted: "written", ...claimed, ...measured(numbersIn(source), []) };
}

const isRecord = (value: unknown): boolean => typeof value === "object" && value !== null;
const numbers = (list: unknown): number[] =>
  Array.isArray(list) || ArrayBuffer.isView(list)
    ? Array.from(list as Iterable<unknown>).filter((each) => typeof each === "number")
    : [];

function claimOf(parameters: unknown): { readonly claimed?: number } {
  const claimed = isRecord(parameters) ? (parameters as { claimed?: unknown }).claimed : parameters;
  return typeof claimed === "number" ? { claimed } : {};
}

function measured(stored: readonly number[], constants: readonly number[]): { unique: number; strict: number } {
  const magnitudes = new Set([...stored, ...constants].map(Math.abs));
  magnitudes.delete(0);
  return { unique: stored.length, strict: magnitudes.size };
}

/** Comments, texts, names and numbers of JavaScript; whichever begins first is taken whole. */
const pieces =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|[\p{ID_Start}$_][\p{ID_Continue}$]*|(?<number>0[xob][\da-f_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:e[+-]?\d+)?)n?/giu;

/** Numbers that are written in a program's text. */
function numbersIn(source: string): number[] {
  return Array.from(source.matchAll(pieces), ({ groups }) => groups?.["number"])
    .filter((text) => text !== undefined)
    .map((text) => Number(text.replaceAll("_", "")));
}
