import type { ArgsDef } from "citty";
import { UsageError } from "./errors.ts";

/** Options that may be given several times; their values are joined by commas. */
const lists = new Set(["set", "suite"]);

/** Whether help is asked for anywhere. */
export function wantsHelp(words: readonly string[]): boolean {
  return words.some((word) => word === "--help" || word === "-h");
}

/**
 * Checks options against their definitions and puts them in front, so that `-` and negative numbers stay operands.
 *
 * @param command named in the errors
 * @param words what stands behind the command
 * @returns options, `--`, operands
 * @throws UsageError for an unknown option, a missing value, or one too many
 */
export async function arrange(command: string, words: readonly string[], definitions: unknown): Promise<string[]> {
  const known = Object.entries(definitions as ArgsDef).filter(([, { type }]) => type !== "positional");
  const values = new Map<string, string>();
  const flags: string[] = [];
  const operands: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    if (word === "--") {
      operands.push(...words.slice(index + 1));
      break;
    }
    if (!/^-[^\d\s−-]|^--./u.test(word)) {
      operands.push(word);
      continue;
    }
    const at = word.indexOf("=");
    const option = at === -1 ? word : word.slice(0, at);
    const name = option.replace(/^--?/u, "");
    const definition = known.find(([key]) => key === name && option.startsWith("--"))?.[1];
    if (definition === undefined) {
      const { didYouMean } = await import("@ganglion/models");
      const hint = didYouMean(
        option,
        known.map(([key]) => `--${key}`),
      );
      throw new UsageError(`${command}: unknown option ${option}.${hint || ` Try ganglion ${command} --help.`}`);
    }
    if (definition.type === "boolean") {
      if (at !== -1) throw new UsageError(`${command}: expected ${option} without a value, received ${word}`);
      flags.push(option);
      continue;
    }
    const value = at === -1 ? words[++index] : word.slice(at + 1);
    if (value === undefined || (at === -1 && value.startsWith("--"))) {
      throw new UsageError(`${command}: expected a value after ${option}`);
    }
    const before = values.get(option);
    values.set(option, before !== undefined && lists.has(name) ? `${before},${value}` : value);
  }
  return [...flags, ...Array.from(values, ([option, value]) => `${option}=${value}`), "--", ...operands];
}

/** Reads a number that an option was given; nothing when it was not. */
export function numberOption(
  command: string,
  name: string,
  text: string | undefined,
  { expected, fits }: { readonly expected: string; readonly fits: (value: number) => boolean },
): number | undefined {
  if (text === undefined) return undefined;
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/iu.test(text) ? Number(text) : Number.NaN;
  if (fits(value)) return value;
  throw new UsageError(`${command}: expected --${name} to be ${expected}, received ${JSON.stringify(text)}`);
}

/** Whole numbers from 1. */
export const count = {
  expected: "a whole number of at least 1",
  fits: (value: number): boolean => Number.isSafeInteger(value) && value >= 1,
};

/** Whole numbers from 0. */
export const whole = {
  expected: "a whole number of at least 0",
  fits: (value: number): boolean => Number.isSafeInteger(value) && value >= 0,
};

/** Probabilities above 0. */
export const rate = {
  expected: "above 0 and at most 1",
  fits: (value: number): boolean => value > 0 && value <= 1,
};

/** Durations. */
export const seconds = {
  expected: "a number of seconds above 0",
  fits: (value: number): boolean => value > 0 && value < Number.POSITIVE_INFINITY,
};

/** What an option `--threads` says; as many as the machine runs at once when it was not given. */
export function threadsOption(command: string, text: string | undefined): number | "auto" {
  if (text === undefined || text === "auto") return "auto";
  return numberOption(command, "threads", text, { ...count, expected: `${count.expected}, or auto` })!;
}

/** Exactly one operand. @throws UsageError otherwise */
export function oneOperand(command: string, operands: readonly string[], example: string): string {
  const [only] = operands;
  if (operands.length === 1 && only !== undefined && only !== "") return only;
  const received = operands.length === 0 ? "nothing" : JSON.stringify(operands.join(" "));
  throw new UsageError(`${command}: expected one argument, as in ganglion ${command} ${example}, received ${received}`);
}

/** No operands. @throws UsageError otherwise */
export function noOperands(command: string, operands: readonly string[]): void {
  if (operands.length === 0) return;
  throw new UsageError(`${command}: expected no arguments, received ${JSON.stringify(operands.join(" "))}`);
}
