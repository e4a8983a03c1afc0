import { readFile } from "node:fs/promises";
import { isAbsolute, resolve } from "node:path";
import { edgeCases, hashOfCases, randomCases } from "../protocol/cases.ts";
import type { Pair } from "../protocol/cases.ts";
import { mersenneTwister } from "../protocol/mersenne.ts";
import { judge as judgeAnswers } from "../verify/evaluate.ts";
import type { SuiteResult } from "../verify/evaluate.ts";
import { boundaryCases, carryCases } from "../verify/suites.ts";
import { QUALIFIES } from "../verify/verify.ts";
import { countsOf } from "./counts.ts";
import type { Described, ModuleCounts } from "./counts.ts";
import { ModuleError } from "./errors.ts";
import { judge } from "./worker.ts";
import type { Judge } from "./worker.ts";

/** Which cases a module faces, and how long it may take. */
export interface ModuleVerifyConfig {
  /** Seed of the random pairs; default 2025. */
  readonly seed?: bigint;
  /** Number of random pairs; default 10,000. */
  readonly n?: number;
  /** Sums about round numbers, at most; default 10,000. */
  readonly boundaries?: number;
  /** Time limit for a question of at most 50 sums, in seconds; default 30. */
  readonly seconds?: number;
}

/** What was found. */
export interface ModuleReport {
  readonly model: string;
  readonly hash: string;
  readonly protocol: SuiteResult;
  readonly suites: readonly SuiteResult[];
  readonly parameters: ModuleCounts;
  /** Least lead of a chosen logit over the next best, and choices that were ties, over all cases. */
  readonly margin: number;
  readonly ties: number;
  readonly causal: true;
  /** Share of right digits when each is predicted after wrong ones. */
  readonly afterWrongTokens: number;
  /** Share of right digits when each is predicted after the right one, with all other tokens exchanged for others. */
  readonly withoutOthers: number;
  /** Share of right sums when attention gives nothing; absent when the module does not hand its attention over. */
  readonly withoutAttention?: number;
  /** Sums per second, messages between threads included. */
  readonly speed: number;
  readonly qualified: boolean;
}

const BATCH = 50;

/**
 * Lets a user's module face the protocol. It exports `steps` (tokens to append), `encode(a, b)` from two decimal texts to
 * tokens, `forward(tokens)` to one row of logits per token, and `decode(tokens)` from the appended tokens to a text; and may
 * export `name` and `parameters`: a number, or `{ claimed, values, constants }` to be counted three ways. Operands are
 * encoded in one thread and answered in another, so `forward` never sees them. `forward` may take a second argument, a
 * function from attention's weights to those that are to be used, through which attention can be taken away.
 *
 * @param file path of a JavaScript or TypeScript module
 * @throws ModuleError for a module without the interface, or one that throws, ends its thread, exceeds the time limit,
 *   returns NaN, or whose earlier logits change with later tokens
 */
export async function verifyModule(
  file: string,
  { seed = 2025n, n = 10_000, boundaries = 10_000, seconds = 30 }: ModuleVerifyConfig = {},
): Promise<ModuleReport> {
  const path = isAbsolute(file) ? file : resolve(file);
  const [scribe, model] = [judge(path, seconds), judge(path, seconds)];
  try {
    const { name, steps, described } = await interfaceOf(path, model);
    const parameters = countsOf(described, await readFile(path, "utf8"));
    const cases = [...edgeCases, ...randomCases(n, seed)];
    const asked: Asked = { scribe, model, steps, clarity: { margin: Infinity, ties: 0 } };
    const probes = await probe(path, asked, randomCases(20, 9n));
    const withoutAttention = await ablated(asked, randomCases(40, 7n));
    const start = performance.now();
    const answers = await answersOf(asked, cases);
    const speed = Math.round((1000 * cases.length) / (performance.now() - start));
    const protocol = judgeAnswers("protocol", cases, answers);
    const suites: SuiteResult[] = [];
    const all = boundaryCases();
    const near = all.filter(
      (_, index) =>
        Math.floor((index * boundaries) / all.length) !== Math.floor(((index - 1) * boundaries) / all.length),
    );
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
      parameters,
      ...asked.clarity,
      causal: true,
      ...probes,
      ...(withoutAttention === undefined ? {} : { withoutAttention }),
      speed,
      qualified:
        protocol.right >= QUALIFIES * protocol.cases &&
        probes.afterWrongTokens < 0.99 &&
        probes.withoutOthers < 0.5 &&
        (withoutAttention ?? 0) < 0.5,
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
): Promise<{ readonly name?: string; readonly steps: number; readonly described: Described }> {
  const described = (await model.ask("describe")) as Described & {
    readonly name?: string;
    readonly steps?: unknown;
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
    described,
  };
}

async function completions(
  asked: Asked,
  pairs: readonly Pair[],
  without = false,
): Promise<{ readonly prompts: number[][]; readonly sequences: number[][]; readonly attended: number }> {
  const texts = pairs.map(([a, b]) => [String(a), String(b)]);
  const prompts = (await asked.scribe.ask("encode", texts)) as number[][];
  const { sequences, margin, ties, attended } = (await asked.model.ask("complete", {
    prompts,
    steps: asked.steps,
    without,
  })) as {
    readonly sequences: number[][];
    readonly margin: number;
    readonly ties: number;
    readonly attended: number;
  };
  const { clarity } = asked;
  if (!without) asked.clarity = { margin: Math.min(clarity.margin, margin), ties: clarity.ties + ties };
  return { prompts, sequences, attended };
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

/**
 * Changes later tokens, which must not change earlier logits; feeds wrong tokens back, which must lead to wrong ones; and
 * exchanges all tokens but the one that is read for those of another sum, which must, too.
 */
async function probe(
  file: string,
  asked: Asked,
  pairs: readonly Pair[],
): Promise<Pick<ModuleReport, "afterWrongTokens" | "withoutOthers">> {
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
  for (const [index, prompt] of prompts.entries()) {
    for (let place = 0; place < prompt.length; place++) {
      const same = [disturbed, alone].every((rows) => equal(rows[index]![place]!, plain[index]![place]!));
      if (!same) {
        const problem = `peeks at the future: the logits of token ${place} change with the tokens after it`;
        throw new ModuleError(file, "peeks at the future", problem);
      }
    }
  }
  const answer = (index: number): number[] => range(prompts[index]!.length, sequences[index]!.length - 1);
  const afterWrong = prompts.flatMap((_, index) =>
    answer(index).map((place) => best(disturbed[index]![place]!) === sequences[index]![place + 1]),
  );
  const foreign = prompts.flatMap((_, index) => {
    const other = sequences[(index + 1) % sequences.length]!;
    return answer(index).map((place) => ({
      index,
      place,
      tokens: [...other.slice(0, place), sequences[index]![place]!],
    }));
  });
  const read = (await asked.model.ask(
    "forward",
    foreign.map(({ tokens }) => tokens),
  )) as number[][][];
  const amongOthers = foreign.map(({ index, place }, at) => best(read[at]!.at(-1)!) === sequences[index]![place + 1]);
  return { afterWrongTokens: share(afterWrong), withoutOthers: share(amongOthers) };
}

/** Share of right sums when attention gives nothing; nothing when the module never hands its attention over. */
async function ablated(asked: Asked, pairs: readonly Pair[]): Promise<number | undefined> {
  const { prompts, sequences, attended } = await completions(asked, pairs, true);
  if (attended === 0) return undefined;
  const appended = sequences.map((tokens, index) => tokens.slice(prompts[index]!.length));
  const answers = (await asked.scribe.ask("decode", appended)) as string[];
  return share(answers.map((text, index) => text === String(pairs[index]![0] + pairs[index]![1])));
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
const best = (logits: readonly number[]): number => logits.indexOf(Math.max(...logits));
const share = (right: readonly boolean[]): number =>
  right.length === 0 ? 0 : right.filter(Boolean).length / right.length;

const equal = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((value, index) => Math.abs(value - b[index]!) <= 1e-6 * (1 + Math.abs(value)));
