import { isAbsolute, resolve } from "node:path";
import { edgeCases, hashOfCases, randomCases } from "../protocol/cases.ts";
import type { Pair } from "../protocol/cases.ts";
import { mersenneTwister } from "../protocol/mersenne.ts";
import type { ParameterCounts } from "../counts/countParameters.ts";
import { judge as judgeAnswers } from "../verify/evaluate.ts";
import type { SuiteResult } from "../verify/evaluate.ts";
import { boundaryCases, carryCases } from "../verify/suites.ts";
import { QUALIFIES } from "../verify/verify.ts";
import { ModuleError } from "./errors.ts";
import { judge } from "./worker.ts";
import type { Judge } from "./worker.ts";

/** Which cases a module faces, and how long it may take. */
export interface ModuleVerifyConfig {
  /** Seed of the random pairs; default 2025. */
  readonly seed?: bigint;
  /** Number of random pairs; default 10,000. */
  readonly n?: number;
  /** Time limit for a question of at most 50 sums, in seconds; default 30. */
  readonly seconds?: number;
}

/** What was found. */
export interface ModuleReport {
  readonly model: string;
  readonly hash: string;
  readonly protocol: SuiteResult;
  readonly suites: readonly SuiteResult[];
  /** As the module declares them, when it does. */
  readonly parameters?: Partial<ParameterCounts>;
  /** Least lead of a chosen logit over the next best, and choices that were ties, over all cases. */
  readonly margin: number;
  readonly ties: number;
  readonly causal: true;
  /** Share of right digits when each is predicted after wrong ones. */
  readonly afterWrongTokens: number;
  /** Sums per second, messages between threads included. */
  readonly speed: number;
  readonly qualified: boolean;
}

const BATCH = 50;

/**
 * Lets a user's module face the protocol. It exports `steps` (tokens to append), `encode(a, b)` from two decimal texts to
 * tokens, `forward(tokens)` to one row of logits per token, and `decode(tokens)` from the appended tokens to a text; and may
 * export `name` and `parameters`: a number, or `{ claimed, values, constants }` to be counted three ways. Operands are encoded in one thread and answered in another, so `forward` never sees them.
 *
 * @param file path of a JavaScript or TypeScript module
 * @throws ModuleError for a module without the interface, or one that throws, ends its thread, exceeds the time limit,
 *   returns NaN, or whose earlier logits change with later tokens
 */
export async function verifyModule(
  file: string,
  { seed = 2025n, n = 10_000, seconds = 30 }: ModuleVerifyConfig = {},
): Promise<ModuleReport> {
  const path = isAbsolute(file) ? file : resolve(file);
  const [scribe, model] = [judge(path, seconds), judge(path, seconds)];
  try {
    const { name, steps, parameters } = await interfaceOf(path, model);
    const cases = [...edgeCases, ...randomCases(n, seed)];
    const asked: Asked = { scribe, model, steps, clarity: { margin: Infinity, ties: 0 } };
    const afterWrongTokens = await probe(path, asked, cases.slice(0, 20));
    const start = performance.now();
    const answers = await answersOf(asked, cases);
    const speed = Math.round((1000 * cases.length) / (performance.now() - start));
    const protocol = judgeAnswers("protocol", cases, answers);
    const suites: SuiteResult[] = [];
    const near = boundaryCases().filter((_, index) => index % 50 === 0);
    for (const { title, pairs } of [
      { title: "boundaries", pairs: near },
      ...carryCases(20).map((pairs, run) => ({ title: `carries ${run}`, pairs })),
    ]) {
      suites.push(judgeAnswers(title, pairs, await answersOf(asked, pairs)));
    }
    return {
      model: name ?? file,
      hash: await hashOfCases(cases),
      protocol,
      suites,
      ...(parameters === undefined ? {} : { parameters }),
      ...asked.clarity,
      causal: true,
      afterWrongTokens,
      speed,
      qualified: protocol.right >= QUALIFIES * protocol.cases && afterWrongTokens < 0.99,
    };
  } finally {
    await Promise.all([scribe.end(), model.end()]);
  }
}

interface Asked {
  readonly scribe: Judge;
  readonly model: Judge;
  readonly steps: number;
  /** Over all that was answered so far. */
  clarity: { readonly margin: number; readonly ties: number };
}

async function interfaceOf(
  file: string,
  model: Judge,
): Promise<{ readonly name?: string; readonly steps: number; readonly parameters?: Partial<ParameterCounts> }> {
  const described = (await model.ask("describe")) as {
    readonly name?: string;
    readonly steps?: unknown;
    readonly parameters?: unknown;
    readonly missing: readonly string[];
  };
  const missing = [
    ...described.missing,
    ...(Number.isSafeInteger(described.steps) && Number(described.steps) > 0 ? [] : ["steps"]),
  ];
  if (missing.length > 0) {
    throw new ModuleError(
      file,
      "interface",
      `expected a module that exports steps, encode, forward and decode, received one without ${missing.join(", ")}`,
    );
  }
  return {
    ...(described.name === undefined ? {} : { name: described.name }),
    steps: Number(described.steps),
    ...countsOf(described.parameters),
  };
}

const numbers = (list: unknown): number[] =>
  Array.isArray(list) ? list.filter((each) => typeof each === "number") : [];

/** What a module declares of its size: how many it claims, or all its numbers. */
function countsOf(declared: unknown): { readonly parameters?: Partial<ParameterCounts> } {
  if (typeof declared === "number") return { parameters: { claimed: declared } };
  if (typeof declared !== "object" || declared === null) return {};
  const { claimed, values, constants } = declared as Readonly<Record<string, unknown>>;
  const stored = numbers(values);
  const magnitudes = new Set([...stored, ...numbers(constants)].map(Math.abs));
  magnitudes.delete(0);
  return {
    parameters: {
      ...(typeof claimed === "number" ? { claimed } : {}),
      ...(stored.length === 0 ? {} : { unique: stored.length, strict: magnitudes.size }),
    },
  };
}

async function completions(
  asked: Asked,
  pairs: readonly Pair[],
): Promise<{ readonly prompts: number[][]; readonly sequences: number[][] }> {
  const texts = pairs.map(([a, b]) => [String(a), String(b)]);
  const prompts = (await asked.scribe.ask("encode", texts)) as number[][];
  const { sequences, margin, ties } = (await asked.model.ask("complete", { prompts, steps: asked.steps })) as {
    readonly sequences: number[][];
    readonly margin: number;
    readonly ties: number;
  };
  const { clarity } = asked;
  asked.clarity = { margin: Math.min(clarity.margin, margin), ties: clarity.ties + ties };
  return { prompts, sequences };
}

async function answersOf(asked: Asked, pairs: readonly Pair[]): Promise<string[]> {
  const answers: string[] = [];
  for (let at = 0; at < pairs.length; at += BATCH) {
    const { prompts, sequences } = await completions(asked, pairs.slice(at, at + BATCH));
    const appended = sequences.map((tokens, index) => tokens.slice(prompts[index]!.length));
    answers.push(...((await asked.scribe.ask("decode", appended)) as string[]));
  }
  return answers;
}

/** Changes later tokens, which must not change earlier logits; and feeds wrong tokens back, which must lead to wrong ones. */
async function probe(file: string, asked: Asked, pairs: readonly Pair[]): Promise<number> {
  const { prompts, sequences } = await completions(asked, pairs);
  const random = mersenneTwister(12n);
  const vocabulary = Math.max(...sequences.flat()) + 1;
  const plain = (await asked.model.ask("forward", sequences)) as number[][][];
  const wrong = sequences.map((tokens, index) =>
    tokens.map((token, place) =>
      place < prompts[index]!.length ? token : (token + 1 + (random() % (vocabulary - 1))) % vocabulary,
    ),
  );
  const disturbed = (await asked.model.ask("forward", wrong)) as number[][][];
  const alone = (await asked.model.ask("forward", prompts)) as number[][][];
  let [right, count] = [0, 0];
  for (const [index, prompt] of prompts.entries()) {
    for (let place = 0; place < prompt.length; place++) {
      const same = [disturbed, alone].every((rows) => equal(rows[index]![place]!, plain[index]![place]!));
      if (!same) {
        const problem = `peeks at the future: the logits of token ${place} change with the tokens after it`;
        throw new ModuleError(file, "peeks at the future", problem);
      }
    }
    for (let place = prompt.length; place < sequences[index]!.length - 1; place++) {
      const row = disturbed[index]![place]!;
      if (row.indexOf(Math.max(...row)) === sequences[index]![place + 1]) right++;
      count++;
    }
  }
  return count === 0 ? 0 : right / count;
}

const equal = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((value, index) => Math.abs(value - b[index]!) <= 1e-6 * (1 + Math.abs(value)));
